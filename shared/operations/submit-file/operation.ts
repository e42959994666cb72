/** `submit_sample`: sends an S3 object to VirusTotal. */
import { type Operation, virusTotalErrors } from '../operation.ts';
import { submitFileRequest } from './input.ts';

// A spread, or a call that might have side effects, would keep this in every bundle.
const errors = /* @__PURE__ */ virusTotalErrors.concat(
  'ObjectNotFoundError',
  'ObjectAccessDeniedError',
  'ObjectTooLargeError',
);

/** `submit_sample`: sends an S3 object to VirusTotal. */
export const submitFile = {
  name: 'submit_sample',
  id: 'SubmitFile',
  stem: 'submit-file',
  summary: 'Sends an S3 object to VirusTotal.',
  description:
    'Streams an S3 object to VirusTotal, computes its MD5, SHA-1 and SHA-256 on the way, and returns the scan_id to poll with file_reputation. VirusTotal shares submitted files with partners and customers; upload "never" only looks up the digest.',
  route: { method: 'POST', path: '/files', parameters: [] },
  input: submitFileRequest,
  errors,
  example: { key: 'eicar.com' },
} as const satisfies Operation;
