/** `quota`: what is used and left of VirusTotal's quota, as the connector counts it. */
import { operationHandler } from '../shared/lambda/operation-handler.ts';
import { openQuotaReader } from '../shared/ledger/quota-reader.ts';
import { answerQuota } from '../shared/operations/quota/answer.ts';
import { quota } from '../shared/operations/quota/operation.ts';

const services = { readQuota: openQuotaReader(process.env) };

export const handler = operationHandler(quota, (request, limits) =>
  answerQuota(services, request, limits),
);
