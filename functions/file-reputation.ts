/** `file_reputation`: VirusTotal's report on a file, or the state of its analysis, with a verdict. */
import { operationHandler } from '../shared/lambda/operation-handler.ts';
import { answerFileReputation } from '../shared/operations/file-reputation/answer.ts';
import { fileReputation } from '../shared/operations/file-reputation/operation.ts';
import { openVirusTotal } from '../shared/services.ts';
import { configuredPolicy } from '../shared/verdict/configured-policy.ts';

const virusTotal = await openVirusTotal(process.env);
const services = { virusTotal, defaultPolicy: configuredPolicy(process.env) };

export const handler = operationHandler(fileReputation, (request, limits) =>
  answerFileReputation(services, request, limits),
);
