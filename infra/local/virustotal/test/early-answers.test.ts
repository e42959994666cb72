import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { PUBLIC_KEY, type Simulator } from '../src/simulator.ts';
import { ask, start } from './harness.ts';

const LARGE = 40_000_000;

/** Sends the head of a request and part of its body; returns the whole of what comes back. */
async function begin({ url }: Simulator, path: string, key: string, length: number) {
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  const lines = [
    `POST /api/v3${path} HTTP/1.1`,
    'host: simulator',
    `x-apikey: ${key}`,
    'content-type: multipart/form-data; boundary=b',
    `content-length: ${length}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\npart of the body`);
  const [answer] = await new Promise<readonly Buffer[]>((resolve, reject) => {
    socket.once('data', (data) => resolve([data])).once('error', reject);
  });
  return { socket, head: String(answer) };
}

describe('an answer that comes before the body of the request', () => {
  it.each([
    [413, '/files', PUBLIC_KEY],
    [401, '/files', 'wrong'],
    [404, '/nowhere', PUBLIC_KEY],
    [501, '/private/files', PUBLIC_KEY],
  ])('with status %i announces that the connection closes', async (status, path, key) => {
    const simulator = await start();
    const { socket, head } = await begin(simulator, path, key, LARGE);
    socket.destroy();
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/^connection: close\r$/im);
  });

  it('arrives even if the client sends everything before it reads', async () => {
    const simulator = await start();
    const { socket, head } = await begin(simulator, '/files', PUBLIC_KEY, LARGE);
    const failures: Error[] = [];
    socket.on('error', (failure) => failures.push(failure));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    const rest = LARGE - 'part of the body'.length;
    for (let sent = 0; sent < rest; sent += 1_000_000) {
      const piece = Buffer.alloc(Math.min(1_000_000, rest - sent));
      if (!socket.write(piece)) await new Promise((resolve) => socket.once('drain', resolve));
    }
    await ended;
    expect(head).toMatch(/^HTTP\/1.1 413 /);
    expect(failures).toEqual([]);
  });

  it('announces it when a fault sends the answer, too', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'answer', status: 429, beforeBody: true });
    const { socket, head } = await begin(simulator, '/files', PUBLIC_KEY, LARGE);
    socket.destroy();
    expect(head).toMatch(/^HTTP\/1.1 429 /);
    expect(head).toMatch(/^connection: close\r$/im);
  });
});

describe('the connection stays open', () => {
  it('after a short request that is refused, even if its body comes late', async () => {
    const simulator = await start({ keys: [{ key: 'k', tier: 'public', perDay: 0 }] });
    const outgoing = request(`${simulator.url}/api/v3/urls`, {
      method: 'POST',
      headers: { 'x-apikey': 'k', 'content-type': 'application/x-www-form-urlencoded' },
    });
    outgoing.setHeader('content-length', 17);
    outgoing.flushHeaders();
    await sleep(50);
    outgoing.end('url=example.com/a');
    const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve).once('error', reject);
    });
    await text(response);
    expect(response.statusCode).toBe(429);
    expect(response.headers.connection).toBe('keep-alive');
  });

  it('after a request without a body', async () => {
    const simulator = await start();
    const { headers } = await ask(simulator, '/files/unknown');
    expect(headers.get('connection')).toBe('keep-alive');
  });
});
