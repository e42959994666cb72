/** Ports of this machine for tests. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Listens on any free port of 127.0.0.1. */
export async function listen(): Promise<Server> {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Returns the port that a server listens on. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
