/** `ip_reputation`: VirusTotal's report on an IP address, with a verdict. */
import { upstreamVariables } from '../shared/config.ts';
import { parseEnvironment } from '../shared/environment.ts';
import { operationHandler } from '../shared/lambda/operation-handler.ts';
import { answerIpReputation } from '../shared/operations/ip-reputation/answer.ts';
import { ipReputation } from '../shared/operations/ip-reputation/operation.ts';
import { openVirusTotal } from '../shared/services.ts';
import { configuredPolicy } from '../shared/verdict/configured-policy.ts';

const config = parseEnvironment(upstreamVariables, process.env);
const virusTotal = await openVirusTotal(process.env, config);
const defaultPolicy = configuredPolicy(process.env);
const services = { virusTotal, tier: config.VIRUSTOTAL_TIER, defaultPolicy };

export const handler = operationHandler(ipReputation, (request, limits) =>
  answerIpReputation(services, request, limits),
);
