/** `quota`: what is used and left of VirusTotal's quota, as the connector counts it. Not one of the six. */
import type { Operation } from '../operation.ts';
import { quotaRequest } from './input.ts';

/** `quota`: what is used and left of VirusTotal's quota, as the connector counts it. */
export const quota = {
  name: 'quota',
  id: 'Quota',
  stem: 'quota',
  summary: "Returns what is used and left of VirusTotal's quota.",
  description:
    "Returns what the connector has used of VirusTotal's quota in this minute, UTC day and UTC month, what is left and kept, when it is renewed, and how many requests wait. It reads the connector's own account and sends no request to VirusTotal.",
  route: { method: 'GET', path: '/quota', parameters: [] },
  input: quotaRequest,
  errors: ['InvalidInputError', 'UpstreamUnavailableError', 'UpstreamTimeoutError'],
  example: {},
} as const satisfies Operation;
