import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLocalAws } from '../../support/local-aws.ts';

let aws: Awaited<ReturnType<typeof startLocalAws>>;
const Bucket = 'plain';

beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

const Key = 'dir/a+b é.txt';

async function put(body: string, bucket = Bucket, key = Key) {
  const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body });
  return (await aws.s3.send(command)).VersionId;
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

describe('a bucket without versioning', () => {
  const here = { Bucket: 'plain', Key };

  test('has only the version null', async () => {
    expect(await put('one', 'plain')).toBeUndefined();
    expect(await put('second', 'plain')).toBeUndefined();
    const got = await aws.s3.send(new GetObjectCommand({ ...here, VersionId: 'null' }));
    expect(await got.Body?.transformToString()).toBe('second');
    expect(got.VersionId).toBeUndefined();
    expect(await versionsOf('plain')).toEqual({ versions: [['null', true, 6]], markers: [] });
    const unknown = new GetObjectCommand({ ...here, VersionId: 'a'.repeat(32) });
    await expect(aws.s3.send(unknown)).rejects.toMatchObject({ name: 'NoSuchVersion' });
    const deleted = await aws.s3.send(new DeleteObjectCommand(here));
    expect(deleted.VersionId).toBeUndefined();
    expect(await versionsOf('plain')).toEqual({ versions: [], markers: [] });
  });

  test('keeps null beside other versions when versioning is enabled and suspended', async () => {
    const set = (Status: 'Enabled' | 'Suspended') =>
      aws.s3.send(
        new PutBucketVersioningCommand({ Bucket: 'plain', VersioningConfiguration: { Status } }),
      );
    await put('null', 'plain');
    await set('Enabled');
    const id = await put('id', 'plain');
    await set('Suspended');
    expect(await put('null again', 'plain')).toBe('null');
    expect(await versionsOf('plain')).toEqual({
      versions: [
        ['null', true, 10],
        [id, false, 2],
      ],
      markers: [],
    });
    const deleted = await aws.s3.send(new DeleteObjectCommand(here));
    expect(deleted).toMatchObject({ VersionId: 'null', DeleteMarker: true });
    expect(await versionsOf('plain')).toEqual({
      versions: [[id, false, 2]],
      markers: [['null', true]],
    });
  });
});
