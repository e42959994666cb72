import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { UpstreamUnavailableError } from '../../../shared/errors.ts';
import type { Limits } from '../../../shared/limits.ts';
import { MAX_FILE_BYTES } from '../../../shared/virustotal/limits.ts';
import { MAX_DIRECT_REQUEST_BYTES } from '../../../shared/virustotal/submissions.ts';
import {
  bytes,
  early,
  fault,
  json,
  type Reply,
  reset,
  stall,
  startUpstream,
} from '../../support/upstream-server.ts';
import { clientAt, descriptor, keySource, rejection, within } from './harness.ts';

const CHUNK = 64 * 1024;

/** A file of the bytes of one chunk over and over; counts what is taken of it. */
function file(size: number, given = size) {
  const chunk = Buffer.alloc(CHUNK, 'x');
  const seen = { opened: 0, taken: 0, closed: 0 };
  async function* chunks() {
    try {
      for (let left = given; left > 0; left -= CHUNK) {
        const part = chunk.subarray(0, Math.min(CHUNK, left));
        seen.taken += part.length;
        yield part;
      }
    } finally {
      seen.closed += 1;
    }
  }
  const open = async () => {
    seen.opened += 1;
    return chunks();
  };
  return { name: 'sample', size, open, seen };
}

const accepted = json(200, descriptor);

function fileIn(body: Buffer): Buffer {
  return body.subarray(body.indexOf('\r\n\r\n') + 4, body.lastIndexOf('\r\n--'));
}

describe('a file', () => {
  it('is sent whole as one form field, with its exact length', async () => {
    await using upstream = await startUpstream();
    upstream.script(accepted);
    const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7) & 255));
    const open = async () => Readable.from([content.subarray(0, 7), content.subarray(7)]);
    const answer = await clientAt(upstream.url).submitFile(
      { name: 'sample', size: content.length, open },
      within(),
    );
    expect(answer).toEqual({ id: descriptor.data.id });
    const [request] = upstream.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/api/v3/files' });
    expect(request?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(request?.headers['content-length']).toBe(String(request?.body.length));
    expect(request?.headers).not.toHaveProperty('transfer-encoding');
    expect(digest(fileIn(request?.body ?? Buffer.alloc(0)))).toBe(digest(content));
  });

  it('that VirusTotal has already is no error', async () => {
    await using upstream = await startUpstream();
    upstream.script(fault(409, 'AlreadyExistsError'));
    expect(await clientAt(upstream.url).submitFile(file(10), within())).toBe('already-exists');
  });

  it.each<[string, Reply, string]>([
    ['its connection was reset', reset, 'UpstreamUnavailableError'],
    ['VirusTotal answered 503', fault(503, 'TransientError'), 'UpstreamUnavailableError'],
    ['there was no answer', stall, 'UpstreamTimeoutError'],
  ])('is sent exactly once when %s', async (_, reply, name) => {
    await using upstream = await startUpstream();
    upstream.script(reply, accepted);
    const sample = file(1_000);
    const call = within(reply === stall ? 200 : 8_000);
    expect((await rejection(clientAt(upstream.url).submitFile(sample, call))).name).toBe(name);
    expect(upstream.requests).toHaveLength(1);
    expect(sample.seen).toEqual({ opened: 1, taken: 1_000, closed: 1 });
  });

  it('is not opened while no connection stands', async () => {
    const sample = file(1_000);
    const client = clientAt('http://127.0.0.1:1');
    expect((await rejection(client.submitFile(sample, within()))).name).toBe(
      'UpstreamUnavailableError',
    );
    expect(client.retries).toHaveLength(2);
    expect(sample.seen.opened).toBe(0);
  });

  it.each<[string, Reply]>([
    ['a 401', fault(401, 'WrongCredentialsError')],
    ['an early 401', early(fault(401, 'WrongCredentialsError'))],
    [
      'a 429 with a short Retry-After',
      fault(429, 'QuotaExceededError', 'q', { 'retry-after': '0' }),
    ],
  ])('is reopened and sent from its start after %s', async (_, reply) => {
    await using upstream = await startUpstream();
    upstream.script(reply, accepted);
    const sample = file(100_000);
    const client = clientAt(upstream.url, { apiKey: keySource('old', 'new') });
    expect(await client.submitFile(sample, within())).toEqual({ id: descriptor.data.id });
    expect(sample.seen).toMatchObject({ opened: 2, closed: 2 });
    expect(fileIn(upstream.requests[1]?.body ?? Buffer.alloc(0))).toHaveLength(100_000);
  });
});

describe('an answer before the file is sent', () => {
  it.each([
    [413, 'ObjectTooLargeError'],
    [401, 'ApiKeyError'],
    [403, 'ForbiddenByVirusTotalError'],
    [429, 'QuotaExceededError'],
    [503, 'UpstreamUnavailableError'],
  ])('is heard: %d', async (status, name) => {
    await using upstream = await startUpstream();
    const closing: Reply = {
      play(response) {
        response.writeHead(status, { connection: 'close' });
        response.end('{"error":{"code":"X"}}', () => response.socket?.destroy());
      },
    };
    upstream.script(early(closing));
    const sample = file(20_000_000);
    const error = await rejection(clientAt(upstream.url).submitFile(sample, within()));
    expect(error.name).toBe(name);
    await sleep(20);
    expect(sample.seen.taken).toBeLessThan(sample.size);
    expect(sample.seen).toMatchObject({ opened: 1, closed: 1 });
  });

  it('ends the sending although the server keeps the connection', async () => {
    await using upstream = await startUpstream();
    upstream.script({
      isEarly: true,
      // Written past Node's server, which would close the connection.
      play: (response) => response.socket?.write('HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n'),
    });
    const sample = file(20_000_000);
    expect((await rejection(clientAt(upstream.url).submitFile(sample, within()))).name).toBe(
      'ObjectTooLargeError',
    );
    await sleep(20);
    expect(sample.seen.closed).toBe(1);
  });

  it('is no success while the file is not sent whole', async () => {
    await using upstream = await startUpstream();
    upstream.script(early(accepted));
    const sample = file(20_000_000);
    expect(await rejection(clientAt(upstream.url).submitFile(sample, within()))).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: expect.stringMatching(/^the connection to the VirusTotal server broke/),
    });
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('the source of a file', () => {
  it.each([
    ['short', 99_999, 'the file had 99999 of 100000 bytes; the upload was aborted'],
    ['empty', 0, 'the file had 0 of 100000 bytes; the upload was aborted'],
    ['long', 100_001, 'the file had more than 100000 bytes; the upload was aborted'],
  ])('that is too %s never ends as an upload', async (_, given, message) => {
    await using upstream = await startUpstream();
    upstream.script(accepted);
    const error = await rejection(
      clientAt(upstream.url).submitFile(file(100_000, given), within()),
    );
    expect(error).toMatchObject({ name: 'UpstreamUnavailableError', message });
    await sleep(20);
    for (const { headers, body } of upstream.requests) {
      expect(body.length).toBeLessThan(Number(headers['content-length']));
    }
  });

  it('that fails ends the upload with its own error, and the connection', async () => {
    await using upstream = await startUpstream();
    upstream.script(early(stall));
    const broken = new UpstreamUnavailableError('S3 could not be read');
    async function* failing() {
      yield Buffer.alloc(10_000);
      throw broken;
    }
    const sample = { name: 'sample', size: 20_000, open: async () => failing() };
    const client = clientAt(upstream.url);
    expect(await rejection(client.submitFile(sample, within()))).toBe(broken);
    const closed = { ...sample, open: () => Promise.reject(broken) };
    expect(await rejection(client.submitFile(closed, within()))).toBe(broken);
    expect(client.retries).toEqual([]);
  });

  it('is closed when the caller ends the upload', async () => {
    await using upstream = await startUpstream();
    upstream.script(early(stall));
    const sample = file(20_000_000);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const call: Limits = within(8_000, controller.signal);
    expect((await rejection(clientAt(upstream.url).submitFile(sample, call))).name).toBe(
      'UpstreamTimeoutError',
    );
    await sleep(20);
    expect(sample.seen.closed).toBe(1);
  });

  it('is read no faster than the server takes it', async () => {
    await using upstream = await startUpstream();
    const sample = file(31_000_000);
    let taken = 0;
    upstream.script(
      early({
        async play(response, request) {
          await sleep(300);
          taken = sample.seen.taken;
          for await (const _ of request);
          accepted.play(response, request);
        },
      }),
    );
    await clientAt(upstream.url).submitFile(sample, within(14_000));
    expect(sample.seen.taken).toBe(sample.size);
    // What the kernel's two socket buffers hold, and little more.
    expect(taken).toBeLessThan(sample.size / 2);
  });
});

describe('the size of a file', () => {
  /** What the form around the file takes. */
  const overhead = 182;

  it('decides by the whole request, to the byte, whether an upload URL is needed', async () => {
    await using upstream = await startUpstream();
    upstream.script(accepted);
    await clientAt(upstream.url).submitFile(file(MAX_DIRECT_REQUEST_BYTES - overhead), within());
    expect(upstream.requests.map(({ path }) => path)).toEqual(['/api/v3/files']);
    expect(upstream.requests[0]?.headers['content-length']).toBe('32000000');

    const target = `http://127.0.0.1:${upstream.port}/_ah/upload/Token-1/?x=%2F`;
    upstream.script(json(200, { data: target }), accepted);
    const answer = await clientAt(upstream.url).submitFile(
      file(MAX_DIRECT_REQUEST_BYTES - overhead + 1),
      within(),
    );
    expect(answer).toEqual({ id: descriptor.data.id });
    expect(upstream.requests.slice(1)).toMatchObject([
      { method: 'GET', path: '/api/v3/files/upload_url' },
      { method: 'POST', path: '/_ah/upload/Token-1/?x=%2F' },
    ]);
    expect(upstream.requests[2]?.headers).toMatchObject({
      'content-length': '32000001',
      'x-apikey': expect.stringMatching(/./),
    });
  });

  it('over 650 MiB is refused before anything is sent or opened', async () => {
    await using upstream = await startUpstream();
    const sample = file(MAX_FILE_BYTES + 1, 0);
    expect(await rejection(clientAt(upstream.url).submitFile(sample, within()))).toMatchObject({
      name: 'ObjectTooLargeError',
      message: 'the file has 681574401 bytes; allowed: at most 681574400 bytes (650 MiB)',
    });
    expect(upstream.connections).toBe(0);
    expect(sample.seen.opened).toBe(0);
  });

  it.each<[string, Reply, string]>([
    ['points elsewhere', json(200, { data: 'http://127.0.0.2:9/upload' }), 'UpstreamError'],
    ['is no URL', json(200, { data: 'upload' }), 'UpstreamError'],
    ['is no text', json(200, { data: { url: 1 } }), 'UpstreamError'],
    ['is refused', fault(403, 'ForbiddenError'), 'ForbiddenByVirusTotalError'],
    ['is a page', bytes(200, '<html>'), 'UpstreamError'],
  ])('that needs an upload URL sends nothing when that %s', async (_, reply, name) => {
    await using upstream = await startUpstream();
    upstream.script(reply, accepted);
    const sample = file(MAX_DIRECT_REQUEST_BYTES);
    expect((await rejection(clientAt(upstream.url).submitFile(sample, within()))).name).toBe(name);
    expect(upstream.requests).toHaveLength(1);
    expect(sample.seen.opened).toBe(0);
  });
});

function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
