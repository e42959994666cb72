/** `url_reputation`: VirusTotal's report on a URL, or the state of its analysis, with a verdict. */
import { operationHandler } from '../shared/lambda/operation-handler.ts';
import { answerUrlReputation } from '../shared/operations/url-reputation/answer.ts';
import { urlReputation } from '../shared/operations/url-reputation/operation.ts';
import { openVirusTotal } from '../shared/services.ts';
import { configuredPolicy } from '../shared/verdict/configured-policy.ts';

const virusTotal = await openVirusTotal(process.env);
const services = { virusTotal, defaultPolicy: configuredPolicy(process.env) };

export const handler = operationHandler(urlReputation, (request, limits) =>
  answerUrlReputation(services, request, limits),
);
