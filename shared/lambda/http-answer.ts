/** The HTTP answers of the functions: an output, or an error in the one envelope. */
import { ConnectorError, QuotaExceededError } from '../errors.ts';
import type { InternalError } from './translate-error.ts';

/** A proxy answer that both payload formats take. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const headers = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

/** The answer that carries an operation's output. */
export function outputAnswer(output: unknown): HttpAnswer {
  return { statusCode: 200, headers, body: JSON.stringify(output) };
}

/**
 * The answer to a call whose output comes later.
 *
 * @param body - what is known already
 * @param location - path below the API's address where the output will be
 */
export function acceptedAnswer(body: unknown, location: string): HttpAnswer {
  return { statusCode: 202, headers: { ...headers, location }, body: JSON.stringify(body) };
}

/**
 * The answer that carries an error, as `{ error: { name, message, requestId } }`.
 *
 * @param error - translated already
 * @param requestId - id of the request, which the log line carries too
 */
export function errorAnswer(error: ConnectorError | InternalError, requestId: string): HttpAnswer {
  const { name, message } = error;
  const retryAfter: Record<string, string> =
    error instanceof QuotaExceededError ? { 'retry-after': String(error.retryAfterSeconds) } : {};
  return {
    statusCode: error instanceof ConnectorError ? error.status : 500,
    headers: { ...headers, ...retryAfter },
    body: JSON.stringify({ error: { name, message, requestId } }),
  };
}
