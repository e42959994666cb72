import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { PUBLIC_KEY, type Simulator } from '../src/simulator.ts';
import { ask, at, post, start } from './harness.ts';

const HEAD = '--b\r\nContent-Disposition: form-data; name="file"; filename="sample"\r\n\r\n';
const TAIL = '\r\n--b--\r\n';
const AROUND = HEAD.length + TAIL.length;

/** Streams a form whose file has this many bytes; chunked when the length is not announced. */
async function stream(target: string, size: number, isAnnounced = true) {
  const outgoing = request(target, {
    method: 'POST',
    headers: {
      'x-apikey': PUBLIC_KEY,
      'content-type': 'multipart/form-data; boundary=b',
      ...(isAnnounced ? { 'content-length': size + AROUND } : {}),
    },
  });
  const answered = new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    outgoing.on('error', reject).on('response', async (response) => {
      resolve({ status: response.statusCode, body: await text(response) });
    });
  });
  // A refusal may come before all is sent: then only the answer counts.
  const sent = pipeline(pieces(size), outgoing).catch(() => undefined);
  const answer = await answered;
  outgoing.destroy();
  await sent;
  return answer;
}

async function* pieces(size: number) {
  const piece = Buffer.alloc(1_000_000);
  yield HEAD;
  for (let left = size; left > 0; left -= piece.length) {
    yield piece.subarray(0, Math.min(left, piece.length));
  }
  yield TAIL;
}

function lastFile({ requests }: Simulator) {
  return requests.at(-1)?.file;
}

describe('POST /files', () => {
  it('accepts requests of up to 32,000,000 bytes', async () => {
    const simulator = await start();
    const target = `${simulator.url}/api/v3/files`;
    const size = 32_000_000 - AROUND;
    expect((await stream(target, size)).status).toBe(200);
    const sha256 = createHash('sha256').update(Buffer.alloc(size)).digest('hex');
    expect(lastFile(simulator)).toEqual({ name: 'sample', size, sha256 });
    expect(simulator.requests.at(-1)?.bytes).toBe(32_000_000);
    expect((await stream(target, size + 1)).status).toBe(413);
    expect((await stream(target, size + 1, false)).status).toBe(413);
  });
});

describe('an upload URL', () => {
  it('accepts a file that is too large for POST /files, once', async () => {
    const simulator = await start();
    const { json } = await ask(simulator, '/files/upload_url');
    const target = String(at(json, 'data'));
    expect(target.startsWith(`${simulator.url}/_ah/upload/`)).toBe(true);
    const answer = await stream(target, 33_000_000);
    expect(answer.status).toBe(200);
    expect(at(JSON.parse(answer.body), 'data', 'type')).toBe('analysis');
    expect((await post(simulator, 'again', target)).status).toBe(404);
  });

  it('rejects an announced length over 650 MiB without reading the body', async () => {
    const simulator = await start();
    const { json } = await ask(simulator, '/files/upload_url');
    const answer = await stream(String(at(json, 'data')), 681_574_400 + 70_000);
    expect(answer.status).toBe(413);
    expect(simulator.requests.at(-1)?.bytes).toBe(0);
  });
});
