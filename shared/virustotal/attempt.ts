/** One try of an upstream request, and how it ended. */

import { ApiKeyError, UpstreamError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { readFault, type UpstreamFault } from './failures.ts';
import { ConnectionFailure } from './http/connection.ts';
import type { RequestBody } from './http/multipart.ts';
import type { Transport } from './http/transport.ts';
import type { WireAnswer } from './http/wire-answer.ts';
import { parseRetryAfter } from './retry.ts';

/** A request to VirusTotal. */
export interface UpstreamRequest {
  /** A POST is a submission: its fate must not be in doubt when it is tried again. */
  readonly method: 'GET' | 'POST';
  /** What may be logged, for example `GET /files/{id}`: no indicator, no key. */
  readonly template: string;
  readonly url: URL;
  readonly body?: RequestBody;
}

/** How a try ended. */
export type AttemptResult =
  | { readonly kind: 'success'; readonly json: unknown }
  | { readonly kind: 'fault'; readonly fault: UpstreamFault; readonly retryAfterMs: number | null }
  | { readonly kind: 'failure'; readonly failure: ConnectionFailure };

/** What a try needs. */
export interface Wire {
  readonly transport: Transport;
  readonly userAgent: string;
  /** Clock, epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Tries a request once.
 *
 * @param wire - how
 * @param request - what
 * @param apiKey - goes into a header and nowhere else
 * @param limits - the invocation's limits
 * @param isRepeated - whether a try before this one failed
 * @throws ApiKeyError when the key cannot stand in a header; UpstreamError for a success that cannot be
 * understood; UpstreamTimeoutError
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
    throw new ApiKeyError('the API key has characters that an HTTP header cannot carry');
  }
  return {
    'x-apikey': apiKey,
    accept: 'application/json',
    'accept-encoding': 'gzip',
    // VirusTotal compresses only when the user agent says gzip too (an App Engine habit).
    'user-agent': `${userAgent} (gzip)`,
    ...(body && { 'content-type': body.contentType, 'content-length': String(body.size) }),
  };
}

function parseJson({ status, text }: WireAnswer, template: string): unknown {
  // Nothing of the text is quoted, and the parser's error is no cause: they may hold anything.
  const broken = (what: string) =>
    new UpstreamError(
      `VirusTotal answered ${template} with HTTP ${status} and a body that ${what}`,
    );
  if (text === null) throw broken('cannot be decompressed');
  try {
    return JSON.parse(text);
  } catch {
    throw broken('is not JSON');
  }
}
