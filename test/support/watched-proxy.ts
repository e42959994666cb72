/** A proxy between functions and a service. A test sees each request, and can drop its answer. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as open,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that passes. */
export interface PassingRequest {
  readonly method: string;
  /** Path and query, raw. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Progress of a request: before the service has it; after the service has answered, before the caller
 * has the answer; after the caller has it.
 */
export type Moment = 'asked' | 'served' | 'answered';

/**
 * Called at every moment. The request waits for it, except at the last one.
 *
 * @returns whether the caller is gone, so that the proxy drops the request
 */
export type Watcher = (moment: Moment, request: PassingRequest) => boolean | Promise<boolean>;

/** A proxy that serves. */
export interface WatchedProxy {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts a proxy, which holds each request and each answer whole before it passes it on.
 *
 * @param target - address of the service, asked for at each request
 */
export async function startWatchedProxy(
  target: () => string,
  watcher: Watcher,
): Promise<WatchedProxy> {
  const server = createServer((incoming, response) => {
    // The caller may have been killed; it needs no answer.
    pass(target(), watcher, incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const isAddress = (address: unknown): address is AddressInfo =>
    typeof address === 'object' && address !== null;
  const address = server.address();
  if (!isAddress(address)) throw new Error('the proxy has no address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function pass(
  target: string,
  watcher: Watcher,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url: path = '/', headers } = incoming;
  const request: PassingRequest = { method, path, headers, body: await bytesOf(incoming) };
  if (await watcher('asked', request)) return;
  const answer = await forward(target, request);
  const body = await bytesOf(answer);
  if (await watcher('served', request)) return;
  response.on('finish', () => watcher('answered', request));
  // That connection ends; this one is kept, as the service keeps it.
  const { connection: _, ...headersToPass } = answer.headers;
  response.writeHead(answer.statusCode ?? 502, headersToPass).end(body);
}

function forward(
  target: string,
  { method, path, headers, body }: PassingRequest,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // Its own connection each time: what a killed process leaves behind touches no other request.
    open(new URL(path, target), { method, headers, agent: false, setHost: false })
      .on('response', resolve)
      .on('error', reject)
      .end(body);
  });
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}
