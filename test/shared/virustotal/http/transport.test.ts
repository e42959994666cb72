import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { QuotaExceededError } from '../../../../shared/errors.ts';
import { createTransport } from '../../../../shared/virustotal/http/transport.ts';
import {
  bytes,
  cutShort,
  early,
  json,
  reset,
  stall,
  startUpstream,
} from '../../../support/upstream-server.ts';
import { rejection } from '../harness.ts';

const MAX_BYTES = 100_000;
const transport = createTransport({ verifyTls: true, maxAnswerBytes: MAX_BYTES, now: Date.now });
const get = (url: string, ms = 5_000, signal?: AbortSignal) =>
  transport({ method: 'GET', url: new URL(url), headers: {}, deadline: Date.now() + ms, signal });

describe('an answer', () => {
  it('comes with status, type and text', async () => {
    await using upstream = await startUpstream();
    upstream.script(bytes(418, 'é', { 'content-type': 'text/plain', 'retry-after': '7' }));
    expect(await get(`${upstream.url}/a?b=c`)).toEqual({
      status: 418,
      contentType: 'text/plain',
      retryAfter: '7',
      text: 'é',
    });
    expect(upstream.requests).toMatchObject([{ method: 'GET', path: '/a?b=c' }]);
  });

  it.each([
    ['gzip', gzipSync('{"a":1}'), 'gzip', '{"a":1}'],
    ['gzip without a label', gzipSync('{"a":1}'), undefined, '{"a":1}'],
    ['plain text labelled gzip', '{"a":1}', 'gzip', '{"a":1}'],
    ['nothing labelled gzip', '', 'gzip', ''],
    ['truncated gzip', gzipSync('{"a":1}').subarray(0, 15), 'gzip', null],
  ])('is decoded by content: %s', async (_, body, encoding, text) => {
    await using upstream = await startUpstream();
    upstream.script(bytes(200, body, encoding ? { 'content-encoding': encoding } : {}));
    expect((await get(upstream.url)).text).toBe(text);
  });

  it.each([
    ['plain', bytes(200, Buffer.alloc(MAX_BYTES + 1))],
    ['as a decompression bomb', bytes(200, gzipSync(Buffer.alloc(1_000 * MAX_BYTES)))],
  ])('is refused when it is too long, %s', async (_, reply) => {
    await using upstream = await startUpstream();
    upstream.script(reply);
    expect(await rejection(get(upstream.url))).toMatchObject({
      name: 'UpstreamError',
      message: "VirusTotal's answer is over 100000 bytes",
    });
  });

  it.each(['{}', '[]', '1', '""'])('is refused when it has too many values: %s', async (value) => {
    await using upstream = await startUpstream();
    const list = (length: number) => bytes(200, `[${Array(length).fill(value).join(',')}]`);
    upstream.script(list(5_000));
    expect((await get(upstream.url)).status).toBe(200);
    upstream.script(list(13_000));
    expect(await rejection(get(upstream.url))).toMatchObject({
      name: 'UpstreamError',
      message: "VirusTotal's answer has over 12500 values",
    });
  });

  it('keeps its status, but not its text, when a refusal is too long', async () => {
    await using upstream = await startUpstream();
    upstream.script(bytes(429, Buffer.alloc(MAX_BYTES + 1), { 'retry-after': '9' }));
    expect(await get(upstream.url)).toMatchObject({ status: 429, retryAfter: '9', text: null });
  });

  it('is no redirect to follow', async () => {
    await using upstream = await startUpstream();
    upstream.script(bytes(307, '', { location: `${upstream.url}/elsewhere` }), json(200, {}));
    expect((await get(upstream.url)).status).toBe(307);
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('connections', () => {
  it('are kept for the next GET and never reused by a POST', async () => {
    await using upstream = await startUpstream();
    upstream.script(json(200, {}));
    await get(upstream.url);
    await get(upstream.url);
    expect(upstream.connections).toBe(1);
    const deadline = Date.now() + 5_000;
    await transport({ method: 'POST', url: new URL(upstream.url), headers: {}, deadline });
    expect(upstream.connections).toBe(2);
  });

  it.each([
    ['was refused', 'http://127.0.0.1:1', 'never', 'ECONNREFUSED'],
    ['has no address', 'http://no-such-host.invalid', 'never', expect.stringMatching(/^E[A-Z_]+$/)],
  ])('fail as `never` when one %s', async (_, url, kind, message) => {
    expect(await rejection(get(url))).toMatchObject({ name: 'ConnectionFailure', kind, message });
  });

  it.each([
    ['before an answer', reset],
    ['in the middle of an answer', cutShort(200, JSON.stringify({ a: 'x'.repeat(1_000) }))],
  ])('fail as `broken` when one breaks %s', async (_, reply) => {
    await using upstream = await startUpstream();
    upstream.script(reply);
    expect(await rejection(get(upstream.url))).toMatchObject({
      name: 'ConnectionFailure',
      kind: 'broken',
      message: 'ECONNRESET',
    });
  });

  it('to something that does not speak HTTP end as an answer that is not HTTP', async () => {
    await using server = await startRaw((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'));
    expect(await rejection(get(server.url))).toMatchObject({
      name: 'UpstreamError',
      message: expect.stringMatching(
        /^the answer of the VirusTotal server is not HTTP \(HPE_[A-Z_]+\)$/,
      ),
    });
  });
});

describe('a success before the whole body is sent', () => {
  const SIZE = 8_000_000;
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
  const post = (url: string) =>
    transport({
      method: 'POST',
      url: new URL(url),
      headers: { 'content-length': String(SIZE) },
      deadline: Date.now() + 10_000,
      body: {
        contentType: 'text/plain',
        size: SIZE,
        async *chunks() {
          for (let sent = 0; sent < SIZE; sent += 100_000) yield Buffer.alloc(100_000);
        },
      },
    });

  it('counts once all of it is sent', async () => {
    let received = 0;
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    await using server = await startRaw((socket) => {
      socket.once('end', resolve);
      socket.once('data', () => socket.write(answer));
      socket.on('data', (chunk) => {
        received += chunk.length;
        socket.pause();
        setTimeout(() => socket.resume(), 1);
      });
    });
    expect(await post(server.url)).toMatchObject({ status: 200, text: '{}' });
    await ended;
    expect(received).toBeGreaterThan(SIZE);
  });

  it('does not count if the server takes no more', async () => {
    await using server = await startRaw((socket) => {
      socket.once('data', () => socket.write(answer, () => setTimeout(() => socket.destroy(), 50)));
      socket.once('data', () => socket.pause());
      socket.on('error', () => {});
    });
    expect(await rejection(post(server.url))).toMatchObject({
      name: 'ConnectionFailure',
      kind: 'broken',
    });
  });
});

describe('a deadline', () => {
  it.each([
    ['never answers', stall],
    ['does not take the request', early(stall)],
    [
      'stops in the middle of an answer',
      {
        play: (response: import('node:http').ServerResponse) => {
          response.writeHead(200, { 'content-length': '10' });
          response.write('12345');
        },
      },
    ],
  ])('ends a request when the server %s', async (_, reply) => {
    await using upstream = await startUpstream();
    upstream.script(reply);
    const start = Date.now();
    expect(await rejection(get(upstream.url, 150))).toMatchObject({
      name: 'UpstreamTimeoutError',
      message: 'VirusTotal did not answer in the time left',
    });
    expect(Date.now() - start).toBeLessThan(3_000);
  });

  it('that has passed keeps the request from being sent', async () => {
    await using upstream = await startUpstream();
    expect((await rejection(get(upstream.url, 0))).name).toBe('UpstreamTimeoutError');
    expect((await rejection(get(upstream.url, 5_000, AbortSignal.abort()))).name).toBe(
      'UpstreamTimeoutError',
    );
    expect(upstream.connections).toBe(0);
  });

  it('of infinity never ends a request', async () => {
    await using upstream = await startUpstream();
    upstream.script(json(200, {}));
    expect((await get(upstream.url, Number.POSITIVE_INFINITY)).status).toBe(200);
  });

  it("of a request that the caller aborts is a timeout or the caller's named error", async () => {
    await using upstream = await startUpstream();
    upstream.script(stall);
    const abort = async (reason?: unknown) => {
      const controller = new AbortController();
      const pending = rejection(get(upstream.url, 5_000, controller.signal));
      setTimeout(() => controller.abort(reason), 30);
      return pending;
    };
    expect((await abort()).name).toBe('UpstreamTimeoutError');
    expect((await abort('words')).name).toBe('UpstreamTimeoutError');
    const named = new QuotaExceededError('local quota', 5);
    expect(await abort(named)).toBe(named);
  });
});

async function startRaw(listener: Parameters<typeof createServer>[1]) {
  const server: Server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
