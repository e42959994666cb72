import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { httpStatus } from '../../support/content.ts';
import { startLocalAws } from '../../support/local-aws.ts';

let aws: Awaited<ReturnType<typeof startLocalAws>>;
const Bucket = 'versioned';

beforeAll(async () => {
  aws = await startLocalAws();
});
beforeEach(() => {
  aws.recorder.take();
});
afterAll(() => aws.close());

const Key = 'dir/a+b é.txt';
const arn = `arn:aws:s3:::versioned/${Key}`;

async function put(body: string, bucket = Bucket, key = Key) {
  const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body });
  return (await aws.s3.send(command)).VersionId;
}

async function get(VersionId?: string, more: object = {}) {
  const got = await aws.s3.send(new GetObjectCommand({ Bucket, Key, VersionId, ...more }));
  return { text: await got.Body?.transformToString(), ...got };
}

/** Versions as id, isLatest and size; delete markers as id and isLatest. */
async function versionsOf(bucket = Bucket) {
  const { Versions = [], DeleteMarkers = [] } = await aws.s3.send(
    new ListObjectVersionsCommand({ Bucket: bucket }),
  );
  return {
    versions: Versions.map(({ VersionId, IsLatest, Size }) => [VersionId, IsLatest, Size]),
    markers: DeleteMarkers.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]),
  };
}

describe('a versioned bucket', () => {
  let first: string | undefined;
  let second: string | undefined;
  let marker: string | undefined;

  test('reports its versioning', async () => {
    const plain = await aws.s3.send(new GetBucketVersioningCommand({ Bucket: 'plain' }));
    expect(plain.Status).toBeUndefined();
    const { Status } = await aws.s3.send(new GetBucketVersioningCommand({ Bucket }));
    expect(Status).toBe('Enabled');
  });

  test('keeps every version', async () => {
    const Metadata = { generation: 'one' };
    const command = new PutObjectCommand({
      Bucket,
      Key,
      Body: 'one',
      Metadata,
      ContentType: 'a/b',
    });
    first = (await aws.s3.send(command)).VersionId;
    second = await put('second');
    expect(first).toMatch(/^[\w-]{32}$/);
    expect(second).not.toBe(first);
    expect(await get()).toMatchObject({ text: 'second', VersionId: second, Metadata: {} });
    expect(await get(first)).toMatchObject({
      text: 'one',
      VersionId: first,
      Metadata,
      ContentType: 'a/b',
    });
    expect(await get(second)).toMatchObject({ text: 'second' });
    const head = await aws.s3.send(new HeadObjectCommand({ Bucket, Key, VersionId: first }));
    expect(head).toMatchObject({ VersionId: first, ContentLength: 3, Metadata });
    expect(aws.created.slice(-2)).toMatchObject([{ versionId: first }, { versionId: second }]);
    expect(aws.recorder.take()).toEqual([
      `s3:PutObject ${arn} 200`,
      `s3:PutObject ${arn} 200`,
      `s3:GetObject ${arn} 200`,
      `s3:GetObjectVersion ${arn} 200`,
      `s3:GetObjectVersion ${arn} 200`,
      `s3:GetObjectVersion ${arn} 200`,
    ]);
  });

  test('supports ranges and conditions for a version', async () => {
    const { ETag } = await get(first);
    expect(await get(first, { Range: 'bytes=1-' })).toMatchObject({ text: 'ne' });
    expect(await get(first, { IfMatch: ETag })).toMatchObject({ text: 'one' });
    await expect(get(second, { IfMatch: ETag })).rejects.toMatchObject(httpStatus(412));
    await expect(get(first, { IfNoneMatch: ETag })).rejects.toMatchObject(httpStatus(304));
  });

  test('hides a deleted object behind a delete marker', async () => {
    const deleted = await aws.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(deleted).toMatchObject({ DeleteMarker: true, ...httpStatus(204) });
    marker = deleted.VersionId;
    expect(await versionsOf()).toEqual({
      versions: [
        [second, false, 6],
        [first, false, 3],
      ],
      markers: [[marker, true]],
    });
    const { KeyCount } = await aws.s3.send(new ListObjectsV2Command({ Bucket }));
    expect(KeyCount).toBe(0);
    expect(await get(first)).toMatchObject({ text: 'one' });
  });

  test('answers 404 for a deleted object, and 405 for its marker', async () => {
    const credential = 'Credential=Someone/20260101/us-east-1/s3/aws4_request';
    const ask = (query: string, method = 'GET') =>
      fetch(`${aws.url}/${Bucket}/${encodeURIComponent(Key)}${query}`, {
        method,
        headers: { authorization: `AWS4-HMAC-SHA256 ${credential}` },
      });
    for (const method of ['GET', 'HEAD']) {
      const plain = await ask('', method);
      expect(plain.status).toBe(404);
      expect(plain.headers.get('x-amz-delete-marker')).toBe('true');
      expect(plain.headers.get('x-amz-version-id')).toBe(marker);
      const byId = await ask(`?versionId=${marker}`, method);
      expect(byId.status).toBe(405);
      expect(byId.headers.get('x-amz-delete-marker')).toBe('true');
      expect(byId.headers.get('allow')).toBe('DELETE');
    }
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(get(marker)).rejects.toMatchObject({ name: 'MethodNotAllowed' });
  });

  test('restores the object when the marker is deleted', async () => {
    const command = new DeleteObjectCommand({ Bucket, Key, VersionId: marker });
    expect(await aws.s3.send(command)).toMatchObject({ DeleteMarker: true, VersionId: marker });
    expect(await get()).toMatchObject({ text: 'second' });
    expect(aws.recorder.take()[0]).toBe(`s3:DeleteObjectVersion ${arn} 204`);
  });

  test('deletes a version permanently', async () => {
    const command = new DeleteObjectCommand({ Bucket, Key, VersionId: second });
    const deleted = await aws.s3.send(command);
    expect(deleted).toMatchObject({ VersionId: second });
    expect(deleted.DeleteMarker).toBeUndefined();
    expect(await get()).toMatchObject({ text: 'one', VersionId: first });
    await expect(get(second)).rejects.toMatchObject({ name: 'NoSuchVersion', ...httpStatus(404) });
    expect(await aws.s3.send(command)).toMatchObject(httpStatus(204));
  });

  test('rejects ids that S3 cannot have issued', async () => {
    for (const id of ['x', '../../etc', 'é'.repeat(32)]) {
      const error = { name: 'InvalidArgument', ...httpStatus(400) };
      await expect(get(id)).rejects.toMatchObject(error);
      const remove = new DeleteObjectCommand({ Bucket, Key, VersionId: id });
      await expect(aws.s3.send(remove)).rejects.toMatchObject(error);
    }
    await expect(get('null')).rejects.toMatchObject({ name: 'NoSuchVersion' });
  });

  test('deletes a batch of keys and versions', async () => {
    const other = await put('x', Bucket, 'other & <b>');
    const { Deleted, Errors } = await aws.s3.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: {
          Objects: [
            { Key: 'other & <b>', VersionId: other },
            { Key },
            { Key: 'never there' },
            { Key, VersionId: 'malformed' },
          ],
        },
      }),
    );
    expect(Deleted).toEqual([
      { Key: 'other & <b>', VersionId: other },
      { Key, DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) },
      { Key: 'never there', DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) },
    ]);
    expect(Errors).toMatchObject([{ Key, VersionId: 'malformed', Code: 'InvalidArgument' }]);
    expect(aws.recorder.take()).toEqual([
      's3:PutObject arn:aws:s3:::versioned/other & <b> 200',
      's3:DeleteObjectVersion arn:aws:s3:::versioned/other & <b> 200',
      `s3:DeleteObject ${arn} 200`,
      's3:DeleteObject arn:aws:s3:::versioned/never there 200',
    ]);
    const quiet = { Objects: [{ Key }], Quiet: true };
    const answer = await aws.s3.send(new DeleteObjectsCommand({ Bucket, Delete: quiet }));
    expect(answer.Deleted).toBeUndefined();
  });
});
