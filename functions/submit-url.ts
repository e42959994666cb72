/** `submit_url`: submits a URL to VirusTotal for scanning. */
import { operationHandler } from '../shared/lambda/operation-handler.ts';
import { answerSubmitUrl } from '../shared/operations/submit-url/answer.ts';
import { submitUrl } from '../shared/operations/submit-url/operation.ts';
import { openVirusTotal } from '../shared/services.ts';

const services = { virusTotal: await openVirusTotal(process.env) };

export const handler = operationHandler(submitUrl, (request, limits) =>
  answerSubmitUrl(services, request, limits),
);
