/** Calls the API of the deployment. */

import type { CheckContext, Target } from './context.ts';
import { CheckFailure, expectEqual, shown } from './outcomes.ts';
import { signRequest } from './sign-request.ts';

/** A call. */
export interface ApiCall {
  readonly method?: 'GET' | 'POST';
  /** Below the stage, with query, encoded. */
  readonly path: string;
  /** JSON, or any text. */
  readonly body?: unknown;
  /** Headers of the call, after it was signed. */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default with the credentials of the command, or the API's key */
  readonly sign?: (
    target: Target,
    call: { method: string; url: URL; body?: string | undefined },
  ) => Promise<Record<string, string>>;
}

/** What the API answered. */
export interface ApiAnswer {
  readonly call: string;
  readonly status: number;
  readonly headers: Headers;
  /** Parsed; undefined if it is not JSON. */
  readonly body: unknown;
  readonly text: string;
}

/** Longer than API Gateway's own limit of 29 s, milliseconds. */
const TIMEOUT_MS = 35_000;

/**
 * Calls the API.
 *
 * @throws CheckFailure if there is no answer
 */
export async function callApi(
  { target, signal }: Pick<CheckContext, 'target' | 'signal'>,
  { method = 'GET', path, body, headers = {}, sign = authenticate }: ApiCall,
): Promise<ApiAnswer> {
  const url = new URL(`${target.apiUrl}${path}`);
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const call = `${method} ${path}`;
  try {
    const signed = await sign(target, { method, url, body: text });
    const type = text === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(url, {
      method,
      headers: { ...type, ...signed, ...headers },
      body: text ?? null,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const answer = await response.text();
    return {
      call,
      status: response.status,
      headers: response.headers,
      body: parsed(answer),
      text: answer,
    };
  } catch (error) {
    signal.throwIfAborted();
    throw new CheckFailure(`${call}: no answer from ${url.origin}: ${reasonOf(error)}`);
  }
}

/** Signs the call, or adds the API's key. */
async function authenticate(
  target: Target,
  call: { method: string; url: URL; body?: string | undefined },
): Promise<Record<string, string>> {
  if (target.auth === 'api-key') return { 'x-api-key': await target.apiKey() };
  return signRequest(call, { credentials: await target.credentials(), region: target.region });
}

/** An error envelope. */
export interface ApiError {
  readonly name: string;
  readonly message: string;
  readonly requestId: string;
}

/**
 * Expects an error in the envelope.
 *
 * @throws CheckFailure
 */
export function expectApiError(answer: ApiAnswer, status: number, name: string): ApiError {
  const got = { status: answer.status, name: errorOf(answer)?.name };
  expectEqual(answer.call, answer.status === status && got.name === undefined ? answer.text : got, {
    status,
    name,
  });
  const error = errorOf(answer);
  if (!error) throw new CheckFailure(`${answer.call}: got ${shown(answer.text)}`);
  const id = answer.headers.get('x-amzn-requestid');
  expectEqual(`${answer.call}, requestId in the envelope`, error.requestId, id);
  return error;
}

/** Returns the error in an answer's envelope; undefined if it has no envelope. */
export function errorOf({ body }: ApiAnswer): ApiError | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  const { error } = body;
  if (typeof error !== 'object' || error === null) return undefined;
  const { name, message, requestId }: Partial<Record<keyof ApiError, unknown>> = error;
  return typeof name === 'string' && typeof message === 'string' && typeof requestId === 'string'
    ? { name, message, requestId }
    : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
