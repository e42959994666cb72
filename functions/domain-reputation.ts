/** `domain_reputation`: VirusTotal's report on a domain, with a verdict. */
import { upstreamVariables } from '../shared/config.ts';
import { parseEnvironment } from '../shared/environment.ts';
import { operationHandler } from '../shared/lambda/operation-handler.ts';
import { answerDomainReputation } from '../shared/operations/domain-reputation/answer.ts';
import { domainReputation } from '../shared/operations/domain-reputation/operation.ts';
import { openVirusTotal } from '../shared/services.ts';
import { configuredPolicy } from '../shared/verdict/configured-policy.ts';

const config = parseEnvironment(upstreamVariables, process.env);
const virusTotal = await openVirusTotal(process.env, config);
const defaultPolicy = configuredPolicy(process.env);
const services = { virusTotal, tier: config.VIRUSTOTAL_TIER, defaultPolicy };

export const handler = operationHandler(domainReputation, (request, limits) =>
  answerDomainReputation(services, request, limits),
);
