/** `url_reputation`: VirusTotal's report on a URL, by URL or by analysis. */
import { cacheParameter, type Operation, policyParameter, virusTotalErrors } from '../operation.ts';
import { urlReputationRequest } from './input.ts';

/** `url_reputation`: VirusTotal's report on a URL, by URL or by analysis. */
export const urlReputation = {
  name: 'url_reputation',
  id: 'UrlReputation',
  stem: 'url-reputation',
  summary: "Returns VirusTotal's report on a URL.",
  description:
    'Returns the report on a URL, or the state of an analysis by its scan_id. Percent-encode the URL (curl -G --data-urlencode).',
  route: {
    method: 'GET',
    path: '/urls',
    parameters: [
      { name: 'url', in: 'query', fills: ['url'] },
      { name: 'scan_id', in: 'query', fills: ['scan_id'] },
      policyParameter,
      cacheParameter,
    ],
  },
  input: urlReputationRequest,
  errors: virusTotalErrors,
  example: { url: 'http://example.com/' },
} as const satisfies Operation;
