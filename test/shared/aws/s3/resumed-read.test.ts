/** A reading that breaks: real connections to a server that cuts them at chosen bytes. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openObject } from '../../../../shared/aws/s3/s3-object.ts';
import {
  type Reply,
  stall,
  startUpstream,
  type Upstream,
} from '../../../support/upstream-server.ts';
import {
  BUCKET,
  breaking,
  object,
  ranged,
  s3At,
  s3Fault,
  startS3,
} from '../../uploads/submit/harness.ts';
import { within } from '../../virustotal/harness.ts';

const ADDRESS = { bucket: BUCKET, key: 'dir/a b.txt' };
const NAME = `s3://${BUCKET}/dir/a b.txt`;
const CONTENT = randomBytes(300_000);
const SIZE = CONTENT.length;

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

/** Everything that a reading gave, even when it failed. */
async function readAll(body: AsyncIterable<Uint8Array>) {
  const chunks: Uint8Array[] = [];
  const error = await (async () => {
    for await (const chunk of body) chunks.push(chunk);
  })().then(
    () => undefined,
    (failure: unknown) => failure,
  );
  return { content: Buffer.concat(chunks), error };
}

/** Reads one object from a server with this script. */
async function readFrom(server: Upstream, replies: readonly Reply[], call = within()) {
  server.script(...replies);
  const opened = await openObject(s3At(server.url), ADDRESS, call);
  expect(opened.size).toBe(SIZE);
  return readAll(opened.body);
}

const cutAt = (...bytes: number[]) => bytes.map((byte) => breaking(CONTENT, byte));

describe('an interrupted read resumes where it stopped', () => {
  it.each<[string, number[]]>([
    ['once, midway', [SIZE / 2]],
    ['before the first byte', [0]],
    ['before the last byte', [SIZE - 1]],
    ['three times', [SIZE / 4, SIZE / 2, SIZE - 1]],
    ['three times before the first byte', [0, 0, 0]],
  ])('%s: every byte once and in order, of the same version', async (_, breaks) => {
    await using server = await startUpstream();
    const { content, error } = await readFrom(server, [...cutAt(...breaks), ranged(CONTENT)]);
    expect(error).toBeUndefined();
    expect(content.length).toBe(SIZE);
    expect(sha256(content)).toBe(sha256(CONTENT));
    const [first, ...others] = server.requests;
    expect(first?.headers.range).toBeUndefined();
    expect(others).toHaveLength(breaks.length);
    for (const [n, { path, headers }] of others.entries()) {
      expect(path).toContain('versionId=v%201');
      expect(headers['if-match']).toBe('"one"');
      // What the client had not taken yet is asked for again.
      const from = Number(/^bytes=(\d+)-$/.exec(String(headers.range))?.[1]);
      expect(from).toBeLessThanOrEqual(breaks[n] ?? 0);
    }
  });

  it('with what the server refuses once', async () => {
    await using server = await startUpstream();
    const replies = [...cutAt(1000), s3Fault(503, 'SlowDown'), ranged(CONTENT)];
    const { content } = await readFrom(server, replies);
    expect(sha256(content)).toBe(sha256(CONTENT));
  });

  it('before the first read', async () => {
    await using server = await startUpstream();
    server.script(...cutAt(1000), ranged(CONTENT));
    const opened = await openObject(s3At(server.url), ADDRESS, within());
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { content } = await readAll(opened.body);
    expect(sha256(content)).toBe(sha256(CONTENT));
  });

  it('no faster than it is read', async () => {
    await using server = await startUpstream();
    const large = Buffer.alloc(64 * 1024 * 1024, 'large');
    let offered = 0;
    const endless: Reply = {
      play(response, { headers }) {
        const from = Number(/\d+/.exec(String(headers.range))?.[0]);
        response.writeHead(206, {
          etag: '"one"',
          'content-length': String(large.length - from),
          'content-range': `bytes ${from}-${large.length - 1}/${large.length}`,
        });
        const more = () => {
          for (let isTaken = true; isTaken && from + offered < large.length; ) {
            const part = large.subarray(from + offered, from + offered + 65_536);
            offered += part.length;
            isTaken = response.write(part);
          }
        };
        response.on('drain', more);
        more();
      },
    };
    server.script(breaking(large, 100_000), endless);
    const opened = await openObject(s3At(server.url), ADDRESS, within());
    let taken = 0;
    for await (const chunk of opened.body) {
      taken += chunk.byteLength;
      if (taken > 200_000) break;
      if (offered > 0) await new Promise((resolve) => setTimeout(resolve, 300));
    }
    // What lies between are the buffers of two sockets.
    expect(offered).toBeLessThan(large.length / 2);
  });
});

describe('a reading that cannot go on fails, and gives no byte that is not of the object', () => {
  const isPrefix = (content: Buffer) => CONTENT.subarray(0, content.length).equals(content);

  it('after three resumptions', async () => {
    await using server = await startUpstream();
    const { content, error } = await readFrom(server, cutAt(1000, 2000, 3000, 4000, 5000));
    expect(error).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: expect.stringContaining(NAME),
    });
    expect(server.requests).toHaveLength(4);
    expect(isPrefix(content)).toBe(true);
  });

  it('when it was overwritten during the read', async () => {
    await using server = await startUpstream();
    const replies = [...cutAt(1000), s3Fault(412, 'PreconditionFailed')];
    const { content, error } = await readFrom(server, replies);
    expect(error).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: `${NAME} changed while it was read; try again`,
    });
    expect(isPrefix(content)).toBe(true);
  });

  it('when it was deleted during the read', async () => {
    await using server = await startUpstream();
    const { error } = await readFrom(server, [...cutAt(1000), s3Fault(404, 'NoSuchVersion')]);
    expect(error).toMatchObject({ name: 'ObjectNotFoundError' });
  });

  it.each<[string, Reply]>([
    ['the whole object', object(CONTENT, { 'x-amz-version-id': 'v 1' })],
    ['another range', ranged(CONTENT, { 'content-range': `bytes 0-${SIZE - 1}/${SIZE}` })],
    ['a range of another length', ranged(CONTENT.subarray(0, SIZE - 1))],
    ['another object', ranged(CONTENT, { etag: '"two"' })],
  ])('when the server answers with %s', async (_, reply) => {
    await using server = await startUpstream();
    const { content, error } = await readFrom(server, [...cutAt(1000), reply]);
    expect(error).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: expect.stringMatching(
        new RegExp(
          `^S3 did not resume ${NAME} \\(version v 1\\) after \\d+ of ${SIZE} bytes; try again$`,
        ),
      ),
    });
    expect(server.requests).toHaveLength(2);
    expect(content.length).toBeLessThanOrEqual(1000);
    expect(isPrefix(content)).toBe(true);
  });

  it('when nothing tells the object from another', async () => {
    await using server = await startUpstream();
    const { error } = await readFrom(server, [breaking(CONTENT, 1000, { etag: [] })]);
    expect(error).toMatchObject({ name: 'UpstreamUnavailableError' });
    expect(server.requests).toHaveLength(1);
  });

  it('when the time is up', async () => {
    await using server = await startUpstream();
    const { error } = await readFrom(server, [...cutAt(1000), stall], within(700));
    expect(error).toMatchObject({
      name: 'UpstreamTimeoutError',
      message: `could not read ${NAME} in the time left`,
    });
    expect(server.requests).toHaveLength(2);
  });
});

it('closing an object releases the resumed connection', async () => {
  await using server = await startUpstream();
  const { promise: asked, resolve } = Promise.withResolvers<{ closed: Promise<unknown> }>();
  const silent: Reply = { play: (response) => resolve({ closed: once(response, 'close') }) };
  server.script(...cutAt(1000), silent);
  const opened = await openObject(s3At(server.url), ADDRESS, within(120_000));
  const reading = readAll(opened.body);
  const { closed } = await asked;
  opened.close();
  await closed;
  expect((await reading).error).toBeInstanceOf(Error);
}, 30_000);

/** A server between client and S3 that cuts the first answer after some bytes of its body. */
async function cutting(s3Url: string, bytes: number, beforeCut: () => Promise<unknown>) {
  let answers = 0;
  const server = createServer((request, response) => {
    const { method, headers, url } = request;
    const onward = httpRequest(`${s3Url}${url}`, { method, headers }, async (answer) => {
      answers += 1;
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      if (answers > 1) return void answer.pipe(response);
      answer.resume();
      await beforeCut();
      response.write(CONTENT.subarray(0, bytes), () => response.socket?.destroySoon());
    });
    request.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

describe('with an S3 server of another make', () => {
  async function setUp(overwrite: boolean) {
    const s3 = await startS3({ [ADDRESS.key]: CONTENT });
    const endpoint = await s3.config.endpoint?.();
    const other = { Bucket: BUCKET, Key: ADDRESS.key, Body: randomBytes(SIZE) };
    const beforeCut = async () => overwrite && (await s3.send(new PutObjectCommand(other)));
    return s3At(
      await cutting(`http://${endpoint?.hostname}:${endpoint?.port}`, 100_000, beforeCut),
    );
  }

  it('an interrupted read resumes', async () => {
    const opened = await openObject(await setUp(false), ADDRESS, within());
    const { content, error } = await readAll(opened.body);
    expect(error).toBeUndefined();
    expect(sha256(content)).toBe(sha256(CONTENT));
  });

  it('an interrupted read of an overwritten object fails', async () => {
    const opened = await openObject(await setUp(true), ADDRESS, within());
    const { error } = await readAll(opened.body);
    expect(error).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: `${NAME} changed while it was read; try again`,
    });
  });
});
