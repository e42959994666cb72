/** `domain_reputation`: VirusTotal's report on a domain. */
import {
  cacheParameter,
  detailsParameter,
  type Operation,
  policyParameter,
  virusTotalErrors,
} from '../operation.ts';
import { domainReputationRequest } from './input.ts';

/** `domain_reputation`: VirusTotal's report on a domain. */
export const domainReputation = {
  name: 'domain_reputation',
  id: 'DomainReputation',
  stem: 'domain-reputation',
  summary: "Returns VirusTotal's report on a domain.",
  description:
    'Returns the report on a domain. Single-label names and names under reserved top-level domains are not sent to VirusTotal (response_code 0).',
  route: {
    method: 'GET',
    path: '/domains/{domain}',
    parameters: [
      { name: 'domain', in: 'path', fills: ['domain'] },
      detailsParameter,
      policyParameter,
      cacheParameter,
    ],
  },
  input: domainReputationRequest,
  errors: virusTotalErrors,
  example: { domain: 'example.com' },
} as const satisfies Operation;
