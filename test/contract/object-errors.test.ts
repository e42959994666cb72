/** What S3 can answer, and which named error each becomes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { submitFile } from '../../shared/operations/catalogue.ts';
import { expectError, type Failing } from '../support/expect-error.ts';
import { STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';
import { bytes, type Reply, startUpstream } from '../support/upstream-server.ts';

const MAX_FILE_BYTES = 681_574_400;

type Row = readonly [situation: string, name: Failing['name'], message: RegExp];

describe('the local S3', () => {
  let running: TestStack;
  let version: string | undefined;

  beforeAll(async () => {
    running = await startTestStack();
    version = await running.put('there.bin', 'some bytes');
    await running.put('empty.bin', Buffer.alloc(0));
  }, STARTUP_MS);
  afterAll(() => running.close());

  it.each([
    ['no such key', { key: 'absent.bin' }, 'ObjectNotFoundError', /absent\.bin/],
    ['no such bucket', { bucket: 'nobodys-bucket', key: 'a' }, 'ObjectNotFoundError', /nobodys/],
    ['an empty object', { key: 'empty.bin' }, 'InvalidInputError', /key: .* is empty/],
  ] as const)('%s', async (_, input, name, message) => {
    await expectError(running, { operation: submitFile, input, name, message });
    expect(running.simulator.requests).toEqual([]);
  });

  it('no such version', async () => {
    const versionId = `${version?.slice(0, -4)}none`;
    const input = { key: 'there.bin', versionId };
    const name = 'ObjectNotFoundError';
    await expectError(running, { operation: submitFile, input, name, message: /there\.bin/ });
    expect(running.simulator.requests).toEqual([]);
  });
});

describe('an S3 that refuses', () => {
  let s3: Awaited<ReturnType<typeof startUpstream>>;
  let running: TestStack;

  beforeAll(async () => {
    s3 = await startUpstream();
    running = await startTestStack({
      // Shortens the waits between retries.
      speed: 20,
      environment: { AWS_ENDPOINT_URL_S3: s3.url },
    });
  }, STARTUP_MS);
  afterAll(async () => {
    await running.close();
    await s3[Symbol.asyncDispose]();
  });

  const rows: readonly (readonly [...Row, Reply])[] = [
    ['403', 'ObjectAccessDeniedError', /may not read/, refusal(403, 'AccessDenied')],
    [
      'an archived object',
      'ObjectAccessDeniedError',
      /archived/,
      refusal(403, 'InvalidObjectState'),
    ],
    [
      'a disabled key of KMS',
      'ObjectAccessDeniedError',
      /decrypt/,
      refusal(400, 'KMS.DisabledException'),
    ],
    [
      'a busy KMS',
      'UpstreamUnavailableError',
      /could not read s3:\/\/.*\(KMS\.ThrottlingException\); try again/,
      refusal(400, 'KMS.ThrottlingException'),
    ],
    ['a delete marker', 'ObjectNotFoundError', /does not exist/, refusal(405, 'MethodNotAllowed')],
    ['503', 'UpstreamUnavailableError', /could not read s3:/, refusal(503, 'SlowDown')],
    ['another 4xx', 'UpstreamError', /unexpected answer/, refusal(409, 'OperationAborted')],
    [
      'a byte too many',
      'ObjectTooLargeError',
      /681574401 bytes; allowed/,
      announcing(MAX_FILE_BYTES + 1),
    ],
  ];

  it.each(rows)('%s', async (_, name, message, reply) => {
    s3.script(reply);
    const input = { bucket: 'some-bucket', key: 'dir/some.bin' };
    await expectError(running, { operation: submitFile, input, name, message });
    expect(running.simulator.requests).toEqual([]);
    expect(s3.requests.at(-1)?.path).toContain('/some-bucket/dir/some.bin');
  });
});

function refusal(status: number, code: string): Reply {
  const xml = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;
  return bytes(status, xml, { 'content-type': 'application/xml' });
}

/** Announces a length, and sends nothing of it. */
function announcing(length: number): Reply {
  return {
    play(response, { method }) {
      response.writeHead(200, { 'content-length': String(length), etag: '"e"' });
      response.flushHeaders();
      if (method === 'HEAD') response.end();
    },
  };
}
