/** Stands between the functions and the local S3, and answers for it where a test says so. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What a request is answered in S3's place. */
export type S3Fault =
  | { readonly status: number; readonly code: string }
  /** Length of an object of which nothing is sent, bytes. */
  | { readonly announced: number }
  /** The real answer, once this is over. */
  | { readonly after: Promise<unknown> };

/** The gate. */
export interface S3Gate extends AsyncDisposable {
  /** Value for `AWS_ENDPOINT_URL_S3`. */
  readonly url: string;
  /** Bytes of content that left S3, by key. Of an answer that the function breaks off, those that it was sent. */
  readonly sent: ReadonlyMap<string, number>;
  /** Sets the address of the local S3, once it has started. */
  forwardTo(url: string): void;
  /** Answers every later request whose path contains this text with the fault. */
  fault(part: string, fault: S3Fault): void;
}

/** Opens the gate, on 127.0.0.1. */
export async function openS3Gate(): Promise<S3Gate> {
  const faults = new Map<string, S3Fault>();
  const sent = new Map<string, number>();
  const onward = (from: IncomingMessage, to: ServerResponse) =>
    forward(target, from, to, (key, bytes) => sent.set(key, (sent.get(key) ?? 0) + bytes));
  let target = '';
  const server = createServer((request, response) => {
    const fault = [...faults].find(([part]) => request.url?.includes(part))?.[1];
    if (fault && 'after' in fault) {
      void fault.after.then(() => onward(request, response));
    } else if (fault) answer(fault, request, response);
    else void onward(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    sent,
    forwardTo(url) {
      target = url;
    },
    fault: (part, fault) => faults.set(part, fault),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(
  fault: Exclude<S3Fault, { after: unknown }>,
  { method }: IncomingMessage,
  response: ServerResponse,
): void {
  if ('announced' in fault) {
    response.writeHead(200, { 'content-length': String(fault.announced), etag: '"e"' });
    response.flushHeaders();
    // Else the next request of the connection would wait for ever.
    if (method === 'HEAD') response.end();
    return;
  }
  response.writeHead(fault.status, { 'content-type': 'application/xml' });
  response.end(`<Error><Code>${fault.code}</Code><Message>no</Message></Error>`);
}

async function forward(
  target: string,
  from: IncomingMessage,
  to: ServerResponse,
  count: (key: string, bytes: number) => void,
): Promise<void> {
  const { method, headers } = from;
  const body = await buffer(from);
  const onward = send(new URL(from.url ?? '/', target), { method, headers }, (answered) => {
    to.writeHead(answered.statusCode ?? 502, answered.headers);
    const key = decodeURIComponent(new URL(from.url ?? '/', target).pathname.split('/')[2] ?? '');
    answered.on('data', (chunk: Buffer) => {
      if (method === 'GET') count(key, chunk.length);
    });
    answered.pipe(to);
    // What the function does not take, S3 does not send.
    to.on('close', () => onward.destroy());
  });
  onward.on('error', () => to.destroy());
  onward.end(body);
}
