/** `submit_url`: submits a URL to VirusTotal for scanning. */
import { openUrlSubmissions } from '../shared/claims/open-url-submissions.ts';
import { operationHandler } from '../shared/lambda/operation-handler.ts';
import { answerSubmitUrl } from '../shared/operations/submit-url/answer.ts';
import { submitUrl } from '../shared/operations/submit-url/operation.ts';
import { openVirusTotal } from '../shared/services.ts';

const services = {
  virusTotal: await openVirusTotal(process.env),
  submitOnce: openUrlSubmissions(process.env),
};

export const handler = operationHandler(submitUrl, (request, limits) =>
  answerSubmitUrl(services, request, limits),
);
