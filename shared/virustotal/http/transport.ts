/**
 * One HTTP request over Node's own client: streams the body, heeds the deadline, follows no redirect.
 *
 * fetch would keep a streamed body for redirects and take four times the time of a cold start.
 */
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { ConnectorError, UpstreamTimeoutError } from '../../errors.ts';
import { type BodyTransfer, sendBody } from './body-transfer.ts';
import { watchConnection } from './connection.ts';
import { hearEarlyAnswer } from './early-answer.ts';
import type { RequestBody } from './multipart.ts';
import { readAnswer, type WireAnswer } from './wire-answer.ts';

// An ESM import of node:http evaluates every export, and with it all of undici (nodejs/node#57649).
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

/** Longest delay of a timer, milliseconds (https://nodejs.org/api/timers.html). */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody | undefined;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  /** Takes a new connection: one that was kept may be as dead as the one before. */
  readonly isRepeated?: boolean;
}

/**
 * Makes one request over connections of its own. Throws ConnectionFailure, UpstreamTimeoutError,
 * UpstreamError for an answer that is over-long or not HTTP, or what the body's source ended with.
 */
export type Transport = (request: WireRequest) => Promise<WireAnswer>;

/**
 * Makes a transport.
 *
 * @param verifyTls - off affects this transport alone
 * @param now - clock, epoch milliseconds
 */
export function createTransport(verifyTls: boolean, now: () => number): Transport {
  const tls = { rejectUnauthorized: verifyTls };
  const agents = {
    'http:': { kept: new http.Agent({ keepAlive: true }), fresh: new http.Agent() },
    'https:': {
      kept: new https.Agent({ keepAlive: true, ...tls }),
      fresh: new https.Agent({ keepAlive: false, ...tls }),
    },
  };
  return (request) => {
    const protocol = request.url.protocol === 'http:' ? 'http:' : 'https:';
    // A connection that the server has dropped meanwhile leaves the fate of a POST unknown.
    const isFresh = request.method === 'POST' || request.isRepeated;
    return exchange(request, agents[protocol][isFresh ? 'fresh' : 'kept'], now);
  };
}

async function exchange(
  request: WireRequest,
  agent: Agent,
  now: () => number,
): Promise<WireAnswer> {
  const signal = signalOf(request, now());
  if (signal.aborted) throw ended(signal);
  const { method, url, headers, body } = request;
  const open = url.protocol === 'http:' ? http.request : https.request;
  const client = open(url, { method, headers, agent, signal });
  const connection = watchConnection(client);
  if (body) client.once('socket', hearEarlyAnswer);
  const response = responseOf(client);
  const sending = sendBody(client, body, connection.established);
  try {
    return await answerTo(response, sending);
  } catch (error) {
    if (sending.sourceError !== undefined) throw sending.sourceError;
    if (signal.aborted) throw ended(signal);
    throw error instanceof ConnectorError ? error : connection.explain(error);
  } finally {
    // An answer that came before the body was sent ends the sending, and with it the reading of the source.
    if (!sending.isDone) client.destroy();
  }
}

/** A success counts once the whole body is sent; a refusal counts at once. */
async function answerTo(
  response: Promise<IncomingMessage>,
  sending: BodyTransfer,
): Promise<WireAnswer> {
  const answer = await readAnswer(await response);
  if (answer.status < 300) await sending.done;
  return answer;
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

/** Whoever ends the work early may say why in a named error. */
function ended({ reason }: AbortSignal): ConnectorError {
  if (reason instanceof ConnectorError) return reason;
  return new UpstreamTimeoutError('VirusTotal did not answer within the time that is left');
}
