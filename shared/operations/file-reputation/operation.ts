/** `file_reputation`: VirusTotal's report on a file, by digest or by analysis. */
import { cacheParameter, type Operation, policyParameter, virusTotalErrors } from '../operation.ts';
import { fileReputationRequest } from './input.ts';

/** `file_reputation`: VirusTotal's report on a file, by digest or by analysis. */
export const fileReputation = {
  name: 'file_reputation',
  id: 'FileReputation',
  stem: 'file-reputation',
  summary: "Returns VirusTotal's report on a file, by its hash.",
  description:
    'Returns the report on a file by its MD5, SHA-1 or SHA-256, or the state of an analysis by its scan_id. An unknown file (response_code 0) is not an error, and not a clean file.',
  route: {
    method: 'GET',
    path: '/files/{resource}',
    parameters: [
      { name: 'resource', in: 'path', fills: ['hash', 'scan_id'] },
      policyParameter,
      cacheParameter,
    ],
  },
  input: fileReputationRequest,
  errors: virusTotalErrors,
  example: { hash: '44d88612fea8a8f36de82e1278abb02f' },
} as const satisfies Operation;
