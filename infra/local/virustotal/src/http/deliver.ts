/** Writes an answer, or spoils it where a fault asks for that. */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Answer } from './answer.ts';
import { withKey } from './fault-answer.ts';
import type { Fault } from './faults.ts';

/** How an answer is to be written. */
export interface Delivery {
  /** Put in place of `{apikey}`. */
  readonly key: string;
  /** Whether the client takes gzip. */
  readonly takesGzip: boolean;
  readonly fault?: Fault | undefined;
}

/**
 * Writes an answer.
 *
 * @returns whether the client gets all of it
 */
export function deliver(response: ServerResponse, answer: Answer, delivery: Delivery): boolean {
  const { bytes, headers } = packed(answer, delivery);
  response.writeHead(answer.status, { ...headers, 'content-length': bytes.length });
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
  response.end(bytes);
  return true;
}

/** Ends the connection with a reset where the system can, else without a word. */
export function resetConnection({ socket }: ServerResponse): void {
  // Only a plain TCP socket can be reset; one under TLS throws.
  if (socket && 'encrypted' in socket) socket.destroy();
  else socket?.resetAndDestroy();
}

/** Whether a client gets gzip: it has to say so twice, as App Engine wants it. */
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
