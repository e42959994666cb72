/** `file_reputation`: VirusTotal's report on a file, by digest or by analysis. */
import { type Operation, policyParameter, virusTotalErrors } from '../operation.ts';
import { fileReputationRequest } from './input.ts';

/** `file_reputation`: VirusTotal's report on a file, by digest or by analysis. */
export const fileReputation = {
  name: 'file_reputation',
  id: 'FileReputation',
  stem: 'file-reputation',
  summary: "Returns VirusTotal's report on a hash.",
  description:
    'Returns the report on a file by its MD5, SHA-1 or SHA-256, or the state of an analysis by its scan_id. A file that VirusTotal does not know is an answer (response_code 0) rather than an error, and does not mean that the file is clean.',
  route: {
    method: 'GET',
    path: '/files/{resource}',
    parameters: [{ name: 'resource', in: 'path', fills: ['hash', 'scan_id'] }, policyParameter],
  },
  input: fileReputationRequest,
  errors: virusTotalErrors,
  example: { hash: '44d88612fea8a8f36de82e1278abb02f' },
} as const satisfies Operation;
