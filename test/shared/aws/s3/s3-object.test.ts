/** Reading from S3: against a real local S3, and against a server that fails as S3 and networks do. */
import { once } from 'node:events';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { openObject } from '../../../../shared/aws/s3/s3-object.ts';
import type { ConnectorError } from '../../../../shared/errors.ts';
import type { Limits } from '../../../../shared/limits.ts';
import {
  cutShort,
  type Reply,
  reset,
  stall,
  startUpstream,
} from '../../../support/upstream-server.ts';
import { BUCKET, object, s3At, s3Fault, startS3 } from '../../uploads/submit/harness.ts';
import { rejection, within } from '../../virustotal/harness.ts';

const ADDRESS = { bucket: BUCKET, key: 'dir/a b.txt' };
const NAME = `s3://${BUCKET}/dir/a b.txt`;

async function read(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('an object', () => {
  it.each(['a b.txt', 'a+b.txt', '%2B%20%%%.png', 'é/(1).pdf', `"'&<>.txt`, 'a//b', '/a', 'a/./b'])(
    'is read by its exact key: %s',
    async (key) => {
      const s3 = await startS3({ [key]: 'right', other: 'wrong' });
      const opened = await openObject(s3, { bucket: BUCKET, key }, within());
      expect(opened.size).toBe(5);
      expect(await read(opened.body)).toBe('right');
    },
  );

  it('is opened again as the very same version', async () => {
    await using server = await startUpstream();
    server.script(
      object('first', { 'x-amz-version-id': 'v 1' }),
      object('first', { 'x-amz-version-id': 'v 1' }),
    );
    const opened = await openObject(s3At(server.url), ADDRESS, within());
    opened.close();
    const again = await opened.reopen();
    expect(await read(again.body)).toBe('first');
    const [first, second] = server.requests;
    expect(first?.path).toBe(`/${BUCKET}/dir/a%20b.txt?x-id=GetObject`);
    expect(first?.headers['if-match']).toBeUndefined();
    expect(second?.path).toBe(`/${BUCKET}/dir/a%20b.txt?versionId=v%201&x-id=GetObject`);
    expect(second?.headers['if-match']).toBe('"one"');
  });

  it('that was overwritten after it was opened is not mistaken for the first', async () => {
    const s3 = await startS3({ 'dir/a b.txt': 'first' });
    const opened = await openObject(s3, ADDRESS, within());
    opened.close();

    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: ADDRESS.key, Body: 'other' }));
    expect(await rejection(opened.reopen())).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: `${NAME} changed while it was read; try again`,
    });
  });

  it('that is closed gives its connection back', async () => {
    await using server = await startUpstream();
    let ended: Promise<unknown> | undefined;
    server.script({
      play(response) {
        response.writeHead(200, { 'content-length': '100000000', etag: '"one"' });
        response.write('x'.repeat(1000));
        ended = once(response, 'close');
      },
    });
    const opened = await openObject(s3At(server.url), ADDRESS, within());
    opened.close();
    await ended;
    expect(ended).toBeDefined();
  });

  it('without a length is refused', async () => {
    await using server = await startUpstream();
    server.script({ play: (response) => void response.writeHead(200).end('chunked') });
    expect(await rejection(openObject(s3At(server.url), ADDRESS, within()))).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: `S3 answered without a body for ${NAME}`,
    });
  });
});

/** What an opening against one answer, again and again, ends with. */
async function failure(reply: Reply, call: Limits = within(), versionId?: string): Promise<Error> {
  await using server = await startUpstream();
  server.script(reply);
  return await rejection(openObject(s3At(server.url), { ...ADDRESS, versionId }, call));
}

describe('S3 refuses with', () => {
  it.each<[number, string, ConnectorError['name'], string]>([
    [404, 'NoSuchKey', 'ObjectNotFoundError', `${NAME} does not exist (NoSuchKey)`],
    [404, 'NoSuchBucket', 'ObjectNotFoundError', `${NAME} does not exist (NoSuchBucket)`],
    [404, 'NoSuchVersion', 'ObjectNotFoundError', `${NAME} does not exist (NoSuchVersion)`],
    [405, 'MethodNotAllowed', 'ObjectNotFoundError', `${NAME} does not exist (MethodNotAllowed)`],
    [
      403,
      'AccessDenied',
      'ObjectAccessDeniedError',
      `${NAME}: the function may not read it (AccessDenied)`,
    ],
    [
      403,
      'InvalidObjectState',
      'ObjectAccessDeniedError',
      `${NAME}: it is archived (InvalidObjectState)`,
    ],
    [
      400,
      'KMS.DisabledException',
      'ObjectAccessDeniedError',
      `${NAME}: S3 cannot decrypt it (KMS.DisabledException)`,
    ],
    [
      400,
      'InvalidRequest',
      'ObjectAccessDeniedError',
      `${NAME}: S3 cannot decrypt it (InvalidRequest)`,
    ],
    [
      400,
      'InvalidArgument',
      'InvalidInputError',
      `versionId: S3 refused ${NAME} (InvalidArgument)`,
    ],
    [
      400,
      'InvalidBucketName',
      'InvalidInputError',
      `bucket: S3 refused ${NAME} (InvalidBucketName)`,
    ],
    [400, 'KeyTooLongError', 'InvalidInputError', `key: S3 refused ${NAME} (KeyTooLongError)`],
    [
      412,
      'PreconditionFailed',
      'UpstreamUnavailableError',
      `${NAME} changed while it was read; try again`,
    ],
    [
      400,
      'ExpiredToken',
      'UpstreamUnavailableError',
      `could not read ${NAME} (ExpiredToken); try again`,
    ],
    [
      301,
      'PermanentRedirect',
      'UpstreamError',
      `S3 gave an unexpected answer for ${NAME} (PermanentRedirect)`,
    ],
    [
      400,
      'AuthorizationHeaderMalformed',
      'UpstreamError',
      `S3 gave an unexpected answer for ${NAME} (AuthorizationHeaderMalformed)`,
    ],
  ])('%i %s', async (status, code, name, message) => {
    expect(await failure(s3Fault(status, code))).toMatchObject({ name, message });
  });

  it.each([
    [503, 'SlowDown'],
    [500, 'InternalError'],
    [429, 'TooManyRequests'],
  ])('%i %s, again and again', async (status, code) => {
    expect(await failure(s3Fault(status, code))).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: `could not read ${NAME} (${code}); try again`,
    });
  });

  it('a redirect to another Region is followed', async () => {
    await using server = await startUpstream();
    const redirect = s3Fault(301, 'PermanentRedirect', { 'x-amz-bucket-region': 'us-west-2' });
    server.script(redirect, object('content'));
    const opened = await openObject(s3At(server.url), ADDRESS, within());
    expect(await read(opened.body)).toBe('content');
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      expect.stringContaining('/eu-central-1/s3/'),
      expect.stringContaining('/us-west-2/s3/'),
    ]);
  });

  it('503 SlowDown once is passed over', async () => {
    await using server = await startUpstream();
    server.script(s3Fault(503, 'SlowDown'), object('content'));
    const opened = await openObject(s3At(server.url), ADDRESS, within());
    expect(await read(opened.body)).toBe('content');
  });
});

describe('a connection to S3', () => {
  it('that breaks before an answer is retryable', async () => {
    expect(await failure(reset)).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: expect.stringMatching(/^could not read /),
    });
  });

  it('without an answer ends by the deadline', async () => {
    expect(await failure(stall, within(300))).toMatchObject({
      name: 'UpstreamTimeoutError',
      message: `could not read ${NAME} in the time left`,
    });
  });

  it('ends when the invocation does', async () => {
    const end = AbortSignal.timeout(200);
    expect((await failure(stall, within(8_000, end))).name).toBe('UpstreamTimeoutError');
  });

  it('that breaks within an object without an ETag gives no short object', async () => {
    await using server = await startUpstream();
    server.script(cutShort(200, 'x'.repeat(100_000)));
    const opened = await openObject(s3At(server.url), ADDRESS, within());
    expect(opened.size).toBe(100_000);
    expect(await rejection(read(opened.body))).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: expect.stringContaining(NAME),
    });
  });

  it('that breaks before it is read fails the later read', async () => {
    await using server = await startUpstream();
    server.script(cutShort(200, 'x'.repeat(100)));
    const opened = await openObject(s3At(server.url), ADDRESS, within());
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await rejection(read(opened.body))).name).toBe('UpstreamUnavailableError');
  });

  it('that stalls within the object ends by the deadline', async () => {
    await using server = await startUpstream();
    server.script({
      play(response) {
        response.writeHead(200, { 'content-length': '100000', etag: '"one"' });
        response.write('x'.repeat(1000));
      },
    });
    const opened = await openObject(s3At(server.url), ADDRESS, within(500));
    expect(await rejection(read(opened.body))).toMatchObject({
      name: 'UpstreamTimeoutError',
      message: `could not read ${NAME} in the time left`,
    });
  });
});
