/** A real HTTP(S) server on 127.0.0.1 that plays VirusTotal from a script, one reply after another. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query, raw. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** What has come of the body; all of it once the reply was called, unless the reply is early. */
  body: Buffer;
}

/** What the server does with one request. */
export interface Reply {
  /** Answers, or does worse. */
  readonly play: (response: ServerResponse, request: IncomingMessage) => void;
  /** Played before the body is read. */
  readonly isEarly?: boolean;
}

/** The server. */
export interface Upstream {
  /** Without a path. */
  readonly url: string;
  readonly port: number;
  /** Every request, in order of arrival. */
  readonly requests: readonly SeenRequest[];
  /** Connections taken so far. */
  readonly connections: number;
  /** Replies to the next requests; the last one is played again and again. */
  script(...replies: Reply[]): void;
}

/**
 * Starts a server; it ends with `await using`.
 *
 * @param options - `tls`: serves https with this certificate
 */
export async function startUpstream(
  options: { tls?: { key: string; cert: string } } = {},
): Promise<Upstream & AsyncDisposable> {
  let replies: Reply[] = [json(500, { error: { code: 'NoScript', message: 'no script' } })];
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.alloc(0),
    };
    requests.push(seen);
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    request.on('error', () => {});
    if (!reply?.isEarly) seen.body = await wholeBody(request);
    reply?.play(response, request);
  };
  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return connections;
    },
    script(...next) {
      replies = next;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function wholeBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    // The client broke off: what has come is what the test looks at.
    return Buffer.concat(chunks);
  }
  return Buffer.concat(chunks);
}

/** Answers with JSON. */
export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return bytes(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

/** Answers with VirusTotal's error form. */
export function fault(
  status: number,
  code: string,
  message = code,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return json(status, { error: { code, message } }, headers);
}

/** Answers with any body. */
export function bytes(
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    play(response) {
      response.writeHead(status, { 'content-length': String(Buffer.byteLength(body)), ...headers });
      response.end(body);
    },
  };
}

/** Closes the connection hard without an answer. */
export const reset: Reply = { play: (response) => response.socket?.resetAndDestroy() };

/** Never answers. */
export const stall: Reply = { play: () => {} };

/** Sends the headers and half of the body, then closes the connection. */
export function cutShort(status: number, body: string): Reply {
  return {
    play(response) {
      response.writeHead(status, { 'content-length': String(body.length) });
      response.write(body.slice(0, body.length / 2), () => response.socket?.destroy());
    },
  };
}

/** Plays a reply before the request's body is read, and takes nothing of it. */
export function early(reply: Reply): Reply {
  return { ...reply, isEarly: true };
}
