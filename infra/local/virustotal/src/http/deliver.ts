/** Writes an answer, and breaks it if a fault says so. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { Answer } from './answer.ts';
import { withKey } from './fault-answer.ts';
import type { Fault } from './faults.ts';

/** Longest time that the rest of a request is discarded, milliseconds. */
const LINGER_MS = 30_000;

/** How to write an answer. */
export interface Delivery {
  /** Replaces `{apikey}`. */
  readonly key: string;
  /** Whether the client accepts gzip. */
  readonly takesGzip: boolean;
  readonly fault?: Fault | undefined;
}

/**
 * Writes an answer.
 *
 * @returns whether the client receives the complete answer
 */
export function deliver(response: ServerResponse, answer: Answer, delivery: Delivery): boolean {
  const { bytes, headers } = packed(answer, delivery);
  const isEarly = !isReceived(response.req);
  response.writeHead(answer.status, {
    ...headers,
    'content-length': bytes.length,
    ...(isEarly ? { connection: 'close' } : {}),
  });
  const { fault } = delivery;
  const half = bytes.subarray(0, bytes.length / 2);
  if (fault?.kind === 'stall') {
    response.write(half);
    return false;
  }
  if (fault?.kind === 'cut' || fault?.kind === 'reset') {
    response.write(half, () =>
      fault.kind === 'cut' ? response.socket?.end() : resetConnection(response),
    );
    return false;
  }
  if (isEarly) endEarly(response, bytes);
  else response.end(bytes);
  return true;
}

/** Whether the whole request has arrived. */
function isReceived({ complete, headers }: IncomingMessage): boolean {
  const hasBody =
    headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
  return complete || !hasBody;
}

/**
 * Sends an answer while the client is still sending its request. Closing the connection would reset it, and
 * the client could lose the answer, so the rest of the request is discarded first.
 */
function endEarly(response: ServerResponse, bytes: Buffer): void {
  const { req } = response;
  response.flushHeaders();
  response.write(bytes);
  req.resume();
  const timer = setTimeout(() => response.end(), LINGER_MS);
  finished(req, () => {
    clearTimeout(timer);
    response.end();
  });
}

/** Resets a TCP connection; destroys a TLS connection. */
export function resetConnection({ socket }: ServerResponse): void {
  // resetAndDestroy throws for a TLS socket.
  if (socket && 'encrypted' in socket) socket.destroy();
  else socket?.resetAndDestroy();
}

/** Whether to compress: as on App Engine, the user agent must contain `gzip`, too. */
export function takesGzip(acceptEncoding = '', userAgent = ''): boolean {
  return /\bgzip\b/i.test(acceptEncoding) && /gzip/i.test(userAgent);
}

function packed(answer: Answer, { key, takesGzip: isGzipTaken }: Delivery) {
  const own = Object.entries(answer.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), withKey(value, key)] as const,
  );
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    ...Object.fromEntries(own),
  };
  // The service answers in this indented form.
  const raw = answer.raw ?? JSON.stringify(answer.json, null, 4);
  const bytes = typeof raw === 'string' ? Buffer.from(withKey(raw, key)) : raw;
  if (!isGzipTaken || headers['content-encoding'] || bytes.length === 0) return { bytes, headers };
  return { bytes: gzipSync(bytes), headers: { ...headers, 'content-encoding': 'gzip' } };
}
