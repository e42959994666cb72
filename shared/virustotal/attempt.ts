/** Sends an upstream request once. */

import { ApiKeyError, UpstreamError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { readFault, type UpstreamFault } from './failures.ts';
import type { GatedRequest } from './gate.ts';
import { ConnectionFailure } from './http/connection.ts';
import type { RequestBody } from './http/multipart.ts';
import type { Transport } from './http/transport.ts';
import type { WireAnswer } from './http/wire-answer.ts';
import { parseRetryAfter } from './retry.ts';

/** A request to VirusTotal. */
export interface UpstreamRequest {
  /** A POST is a submission: it is retried only if it cannot have arrived. */
  readonly method: 'GET' | 'POST';
  /** Name for logs, for example `GET /files/{id}`, without indicator and key. */
  readonly template: string;
  readonly url: URL;
  readonly body?: RequestBody | undefined;
  /** Whether it costs no quota of day and month (https://docs.virustotal.com/docs/quota-consumption). @default false */
  readonly isFree?: boolean;
  /** Called right before the gate admits it (`GatedRequest`). */
  readonly begin?: GatedRequest['begin'];
}

/** Result of an attempt. */
export type AttemptResult =
  | { readonly kind: 'success'; readonly json: unknown }
  | { readonly kind: 'fault'; readonly fault: UpstreamFault; readonly retryAfterMs: number | null }
  | { readonly kind: 'failure'; readonly failure: ConnectionFailure };

/** What an attempt needs. */
export interface Wire {
  readonly transport: Transport;
  readonly userAgent: string;
  /** Clock, epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Sends a request once.
 *
 * @param apiKey - sent in a header and nowhere else
 * @param isRepeated - whether an earlier attempt failed
 * @throws ApiKeyError if a header cannot carry the key; UpstreamError if the body of a success is not JSON;
 * UpstreamTimeoutError
 */
export async function attempt(
  wire: Wire,
  request: UpstreamRequest,
  apiKey: string,
  limits: Limits,
  isRepeated = false,
): Promise<AttemptResult> {
  try {
    const answer = await wire.transport({
      ...request,
      ...limits,
      isRepeated,
      headers: headersFor(request, apiKey, wire.userAgent),
    });
    if (answer.status >= 200 && answer.status < 300) {
      return { kind: 'success', json: parseJson(answer, request.template) };
    }
    const retryAfterMs = parseRetryAfter(answer.retryAfter, wire.now());
    return { kind: 'fault', fault: readFault(answer, apiKey), retryAfterMs };
  } catch (error) {
    if (error instanceof ConnectionFailure) return { kind: 'failure', failure: error };
    throw error;
  }
}

function headersFor(
  { body }: UpstreamRequest,
  apiKey: string,
  userAgent: string,
): Record<string, string> {
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new ApiKeyError('the API key contains characters that an HTTP header cannot carry');
  }
  return {
    'x-apikey': apiKey,
    accept: 'application/json',
    'accept-encoding': 'gzip',
    // VirusTotal compresses only if the user agent contains gzip (an App Engine rule).
    'user-agent': `${userAgent} (gzip)`,
    ...(body && { 'content-type': body.contentType, 'content-length': String(body.size) }),
  };
}

function parseJson({ status, text }: WireAnswer, template: string): unknown {
  // Neither quote the text nor pass on the parser's error as the cause: they may contain secrets.
  const malformed = (problem: string) =>
    new UpstreamError(
      `VirusTotal answered ${template} with HTTP ${status} and a body that ${problem}`,
    );
  if (text === null) throw malformed('cannot be decompressed');
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('is not JSON');
  }
}
