/** `submit_url`: submits a URL for scanning. */
import { type Operation, virusTotalErrors } from '../operation.ts';
import { submitUrlRequest } from './input.ts';

/** `submit_url`: submits a URL for scanning. */
export const submitUrl = {
  name: 'submit_url',
  id: 'SubmitUrl',
  stem: 'submit-url',
  summary: 'Submits a URL to VirusTotal for scanning.',
  description:
    'Queues a scan of a URL and returns the scan_id to poll with url_reputation. The URL becomes visible to the VirusTotal community; credentials in it are removed first.',
  route: { method: 'POST', path: '/urls', parameters: [] },
  input: submitUrlRequest,
  errors: virusTotalErrors,
  example: { url: 'https://example.com/' },
} as const satisfies Operation;
