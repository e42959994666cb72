/** `ip_reputation`: VirusTotal's report on an IP address. */
import {
  cacheParameter,
  detailsParameter,
  type Operation,
  policyParameter,
  virusTotalErrors,
} from '../operation.ts';
import { ipReputationRequest } from './input.ts';

/** `ip_reputation`: VirusTotal's report on an IP address. */
export const ipReputation = {
  name: 'ip_reputation',
  id: 'IpReputation',
  stem: 'ip-reputation',
  summary: "Returns VirusTotal's report on an IP address.",
  description:
    'Returns the report on an IPv4 or IPv6 address. Addresses that are not globally routable are not sent to VirusTotal (response_code 0).',
  route: {
    method: 'GET',
    path: '/ip-addresses/{ip}',
    parameters: [
      { name: 'ip', in: 'path', fills: ['ip'] },
      detailsParameter,
      policyParameter,
      cacheParameter,
    ],
  },
  input: ipReputationRequest,
  errors: virusTotalErrors,
  example: { ip: '203.0.113.7' },
} as const satisfies Operation;
