/** The HTTP responses: an output, or an error in the one envelope. */
import { ConnectorError, QuotaExceededError } from '../errors.ts';
import type { InternalError } from './translate-error.ts';

/** A proxy response that both payload formats accept. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const headers = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

/** Responds with the output of an operation. */
export function outputResponse(output: unknown): HttpResponse {
  return { statusCode: 200, headers, body: JSON.stringify(output) };
}

/**
 * Responds to a request whose output comes later.
 *
 * @param body - what is known already
 * @param location - path of the output, on the host that the caller asked
 */
export function acceptedResponse(body: unknown, location: string): HttpResponse {
  return { statusCode: 202, headers: { ...headers, location }, body: JSON.stringify(body) };
}

/**
 * Responds with an error, as `{ error: { name, message, requestId } }`.
 *
 * @param error - already translated
 * @param requestId - id of the request, also in the log line
 */
export function errorResponse(
  error: ConnectorError | InternalError,
  requestId: string,
): HttpResponse {
  const { name, message } = error;
  const retryAfter: Record<string, string> =
    error instanceof QuotaExceededError ? { 'retry-after': String(error.retryAfterSeconds) } : {};
  return {
    statusCode: error instanceof ConnectorError ? error.status : 500,
    headers: { ...headers, ...retryAfter },
    body: JSON.stringify({ error: { name, message, requestId } }),
  };
}
