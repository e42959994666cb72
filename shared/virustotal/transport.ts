/**
 * One HTTP request over Node's own client: streams the body, heeds the deadline, follows no redirect.
 *
 * fetch would keep a streamed body for redirects and take four times the time of a cold start.
 */
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { UpstreamError, UpstreamTimeoutError } from '../errors.ts';
import type { RequestBody } from './multipart.ts';

// An ESM import of node:http evaluates every export, and with it all of undici (nodejs/node#57649).
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');
const zlib = process.getBuiltinModule('node:zlib');
const gunzip = promisify<Buffer, { maxOutputLength: number }, Buffer>(zlib.gunzip);

/** Longest answer, bytes, compressed or not. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody | undefined;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}

/** An answer, read whole. */
export interface WireAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  /** Decompressed; null when it could not be. */
  readonly text: string | null;
}

/** The connection failed; whether the server may have seen the request is what decides on a retry. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
  /** `never`: no connection; `untrusted`: no connection, the certificate is refused; `broken`: fate unknown. */
  readonly kind: 'never' | 'untrusted' | 'broken';

  /**
   * @param kind - how far it came
   * @param code - of Node's error
   */
  constructor(kind: ConnectionFailure['kind'], code: string) {
    super(code);
    this.kind = kind;
  }
}

/**
 * Makes one request over connections of its own. Throws ConnectionFailure, UpstreamTimeoutError,
 * UpstreamError for an over-long answer, or what the body's source ended with.
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
  // A connection that the server has dropped meanwhile leaves the fate of a POST unknown: take a new one.
  const agents = {
    'http:': { GET: new http.Agent({ keepAlive: true }), POST: new http.Agent() },
    'https:': {
      GET: new https.Agent({ keepAlive: true, ...tls }),
      POST: new https.Agent({ keepAlive: false, ...tls }),
    },
  };
  return (request) => {
    const protocol = request.url.protocol === 'http:' ? 'http:' : 'https:';
    return exchange(request, agents[protocol][request.method], now);
  };
}

async function exchange(
  request: WireRequest,
  agent: Agent,
  now: () => number,
): Promise<WireAnswer> {
  const leftMs = Math.floor(request.deadline - now());
  if (leftMs <= 0) throw timedOut();
  const timeout = AbortSignal.timeout(leftMs);
  const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
  if (signal.aborted) throw timedOut();
  const { method, url, headers, body } = request;
  const send = url.protocol === 'http:' ? http.request : https.request;
  const client = send(url, { method, headers, agent, signal });
  const connection = watchConnection(client);
  const sending = sendBody(client, body);
  try {
    const response = await Promise.race([answerOf(client), sending.failed]);
    return await readAnswer(response);
  } catch (error) {
    if (sending.sourceError !== undefined) throw sending.sourceError;
    if (signal.aborted) throw timedOut();
    throw error instanceof UpstreamError ? error : connection.failure(error);
  } finally {
    // An answer that came before the body was sent ends the sending, and with it the reading of the source.
    if (!sending.isDone) client.destroy();
  }
}

interface Sending {
  /** Rejects when the body could not be sent; never resolves. */
  readonly failed: Promise<never>;
  /** What the source of the body ended with. */
  sourceError: unknown;
  isDone: boolean;
}

function sendBody(client: ClientRequest, body: RequestBody | undefined): Sending {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const sending: Sending = { failed, sourceError: undefined, isDone: body === undefined };
  failed.catch(() => {});
  if (!body) {
    client.end();
    return sending;
  }
  async function* source(chunks: AsyncIterable<Uint8Array>) {
    try {
      yield* chunks;
    } catch (error) {
      sending.sourceError = error;
      throw error;
    }
  }
  pipeline(source(body.chunks()), client).then(
    () => {
      sending.isDone = true;
    },
    (error: unknown) => {
      // The server may have answered and hung up: its answer, if there, says more than a broken pipe.
      if (sending.sourceError !== undefined) reject(error);
      else setImmediate(reject, error);
    },
  );
  return sending;
}

function answerOf(client: ClientRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  client.once('response', resolve);
  client.on('error', reject);
  return promise;
}

function watchConnection(client: ClientRequest) {
  let isEstablished = false;
  client.once('socket', (socket) => {
    isEstablished = client.reusedSocket;
    const event = 'encrypted' in socket ? 'secureConnect' : 'connect';
    socket.once(event, () => {
      isEstablished = true;
    });
  });
  return {
    failure(error: unknown): ConnectionFailure {
      const code =
        error instanceof Error && 'code' in error && typeof error.code === 'string'
          ? error.code
          : 'connection failed';
      if (isEstablished) return new ConnectionFailure('broken', code);
      const isUntrusted = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ISSUER|ALTNAME/.test(code);
      return new ConnectionFailure(isUntrusted ? 'untrusted' : 'never', code);
    },
  };
}

async function readAnswer(response: IncomingMessage): Promise<WireAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) {
      throw new UpstreamError(`VirusTotal's answer is over ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? '',
    retryAfter: response.headers['retry-after'],
    text: await decode(Buffer.concat(chunks)),
  };
}

/** By content, not by header: answers labelled gzip have been seen that were not (VirusTotal/vt-go#35). */
async function decode(body: Buffer): Promise<string | null> {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body.toString('utf8');
  try {
    return (await gunzip(body, { maxOutputLength: MAX_ANSWER_BYTES })).toString('utf8');
  } catch {
    return null;
  }
}

function timedOut(): UpstreamTimeoutError {
  return new UpstreamTimeoutError('VirusTotal did not answer within the time that is left');
}
