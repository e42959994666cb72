import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { httpStatus } from '../../support/content.ts';
import { startLocalAws } from '../../support/local-aws.ts';

let aws: Awaited<ReturnType<typeof startLocalAws>>;
const Bucket = 'plain';

beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

async function put(key: string, body: string) {
  return aws.s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
}

async function textOf(key: string, Range?: string) {
  const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket, Key: key, Range }));
  return Body?.transformToString();
}

describe('conditions', () => {
  let ETag: string | undefined;
  const past = new Date(Date.now() - 3_600_000);
  const future = new Date(Date.now() + 3_600_000);
  beforeAll(async () => {
    ({ ETag } = await put('conditional', 'x'));
  });

  const read = (conditions: object) =>
    aws.s3.send(new GetObjectCommand({ Bucket, Key: 'conditional', ...conditions }));
  const head = (conditions: object) =>
    aws.s3.send(new HeadObjectCommand({ Bucket, Key: 'conditional', ...conditions }));

  test.each([read, head])('of reads that hold: %o', async (send) => {
    await send({ IfMatch: ETag });
    await send({ IfMatch: ETag?.replaceAll('"', '') });
    await send({ IfNoneMatch: '"other"' });
    await send({ IfModifiedSince: past });
    await send({ IfUnmodifiedSince: future });
    await send({ IfMatch: ETag, IfUnmodifiedSince: past });
  });

  test.each([read, head])('of reads that do not hold: %o', async (send) => {
    await expect(send({ IfMatch: '"other"' })).rejects.toMatchObject(httpStatus(412));
    await expect(send({ IfUnmodifiedSince: past })).rejects.toMatchObject(httpStatus(412));
    await expect(send({ IfNoneMatch: ETag })).rejects.toMatchObject(httpStatus(304));
    await expect(send({ IfModifiedSince: future })).rejects.toMatchObject(httpStatus(304));
  });

  test('of a write', async () => {
    const write = (Key: string, conditions: object) =>
      aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'new', ...conditions }));
    const failed = { name: 'PreconditionFailed', ...httpStatus(412) };
    await expect(write('conditional', { IfNoneMatch: '*' })).rejects.toMatchObject(failed);
    await expect(write('conditional', { IfMatch: '"other"' })).rejects.toMatchObject(failed);
    await expect(write('absent', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await textOf('conditional')).toBe('x');
    await write('conditional', { IfMatch: ETag });
    await write('absent', { IfNoneMatch: '*' });
    expect(await textOf('absent')).toBe('new');
  });

  test('of a deletion', async () => {
    const remove = (IfMatch?: string) =>
      aws.s3.send(new DeleteObjectCommand({ Bucket, Key: 'absent', IfMatch }));
    await expect(remove('"other"')).rejects.toMatchObject(httpStatus(412));
    expect(await textOf('absent')).toBe('new');
    await remove('*');
    await expect(remove('*')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('of concurrent writes: exactly one succeeds', async () => {
    const writes = Array.from({ length: 20 }, (_, index) =>
      aws.s3.send(
        new PutObjectCommand({ Bucket, Key: 'race', Body: `${index}`, IfNoneMatch: '*' }),
      ),
    );
    const results = await Promise.allSettled(writes);
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });
});
