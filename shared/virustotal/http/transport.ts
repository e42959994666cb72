/**
 * Sends HTTP requests with Node's own client: streams the body, observes the deadline, follows no redirect.
 *
 * fetch would buffer a streamed body for redirects and make a cold start four times as long.
 */
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { ConnectorError, UpstreamTimeoutError } from '../../errors.ts';
import { type BodyTransfer, sendBody } from './body-transfer.ts';
import { watchConnection } from './connection.ts';
import { hearEarlyAnswer, keepSending } from './early-answer.ts';
import type { RequestBody } from './multipart.ts';
import { readAnswer, type WireAnswer } from './wire-answer.ts';

// An ESM import of node:http evaluates every export, and with it all of undici (nodejs/node#57649).
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

/** Longest delay of a timer, milliseconds (https://nodejs.org/api/timers.html). */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A request as it is sent. */
export interface WireRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody | undefined;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  /** Whether to use a new connection, because a kept one may be dead too. */
  readonly isRepeated?: boolean;
}

/**
 * Sends one request. Throws ConnectionFailure, UpstreamTimeoutError, UpstreamError for an answer that is too
 * long or not HTTP, or the error of the body's source.
 */
export type Transport = (request: WireRequest) => Promise<WireAnswer>;

/** What a transport needs. */
export interface TransportOptions {
  /** Whether to verify certificates; affects only this transport. */
  readonly verifyTls: boolean;
  /** Longest answer, bytes. */
  readonly maxAnswerBytes: number;
  /** Clock, epoch milliseconds. */
  readonly now: () => number;
}

/** Creates a transport with its own connections. */
export function createTransport(options: TransportOptions): Transport {
  const tls = { rejectUnauthorized: options.verifyTls };
  const agents = {
    'http:': { kept: new http.Agent({ keepAlive: true }), fresh: new http.Agent() },
    'https:': {
      kept: new https.Agent({ keepAlive: true, ...tls }),
      fresh: new https.Agent({ keepAlive: false, ...tls }),
    },
  };
  return (request) => {
    const protocol = request.url.protocol === 'http:' ? 'http:' : 'https:';
    // If the server has dropped a kept connection, it is unknown whether a POST arrived.
    const isFresh = request.method === 'POST' || request.isRepeated;
    return exchange(request, agents[protocol][isFresh ? 'fresh' : 'kept'], options);
  };
}

async function exchange(
  request: WireRequest,
  agent: Agent,
  { now, maxAnswerBytes }: TransportOptions,
): Promise<WireAnswer> {
  const signal = signalOf(request, now());
  if (signal.aborted) throw ended(signal);
  const { method, url, headers, body } = request;
  const open = url.protocol === 'http:' ? http.request : https.request;
  const client = open(url, { method, headers, agent, signal });
  const connection = watchConnection(client);
  if (body) {
    client.once('socket', hearEarlyAnswer);
    client.once('response', () => keepSending(client));
  }
  const response = responseOf(client);
  const transfer = sendBody(client, body, connection.established);
  try {
    return await answerTo(await response, transfer, maxAnswerBytes);
  } catch (error) {
    if (transfer.sourceError !== undefined) throw transfer.sourceError;
    if (signal.aborted) throw ended(signal);
    throw error instanceof ConnectorError ? error : connection.explain(error);
  } finally {
    // An early answer ends the transfer, and so the reading of the source.
    if (!transfer.isDone) client.destroy();
  }
}

/** Returns a success after the whole body is sent; a refusal at once. */
async function answerTo(
  response: IncomingMessage,
  transfer: BodyTransfer,
  maxBytes: number,
): Promise<WireAnswer> {
  // Node closes the connection once an answer has been read.
  if ((response.statusCode ?? 0) < 300) await transfer.done;
  return readAnswer(response, maxBytes);
}

function responseOf(client: ClientRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  client.once('response', resolve);
  client.on('error', reject);
  promise.catch(() => {});
  return promise;
}

function signalOf({ deadline, signal }: WireRequest, nowMs: number): AbortSignal {
  const leftMs = Math.floor(deadline - nowMs);
  if (leftMs <= 0) return AbortSignal.abort();
  const timeout = AbortSignal.timeout(Math.min(leftMs, MAX_TIMER_MS));
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

/** Returns the named error of an aborted signal. */
function ended({ reason }: AbortSignal): ConnectorError {
  if (reason instanceof ConnectorError) return reason;
  return new UpstreamTimeoutError('VirusTotal did not answer in the time left');
}
