import {
  DeleteObjectCommand,
  ListObjectsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocalAws } from '../../support/local-aws.ts';

let aws: Awaited<ReturnType<typeof startLocalAws>>;
const Bucket = 'versioned';
/** Ordered by UTF-8 bytes, which differs from the order of UTF-16. */
const KEYS = ['a', 'a/1', 'a/2', 'b/1', 'b/2/3', 'c d', 'é', '\u{ffee}', '😀'];

beforeAll(async () => {
  aws = await startLocalAws();
  for (const Key of KEYS.toReversed()) {
    await aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'old' }));
  }
  await aws.s3.send(new PutObjectCommand({ Bucket, Key: 'a/1', Body: 'newer' }));
  await aws.s3.send(new PutObjectCommand({ Bucket, Key: 'gone', Body: 'x' }));
  await aws.s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
});
afterAll(() => aws.close());

async function list(input: object) {
  const found: string[] = [];
  for await (const page of paginateListObjectsV2({ client: aws.s3 }, { Bucket, ...input })) {
    found.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => `prefix ${Prefix}`));
    found.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
  }
  return found;
}

test('lists the newest versions in order, in pages of any size', async () => {
  for (const MaxKeys of [1, 2, 4, 1000]) expect(await list({ MaxKeys })).toEqual(KEYS);
});

test('filters by prefix and start', async () => {
  expect(await list({ Prefix: 'a/' })).toEqual(['a/1', 'a/2']);
  expect(await list({ StartAfter: 'b/2/3' })).toEqual(['c d', 'é', '\u{ffee}', '😀']);
});

test('groups keys by a delimiter, in pages of any size', async () => {
  const rolled = ['a', 'prefix a/', 'prefix b/', 'c d', 'é', '\u{ffee}', '😀'];
  for (const MaxKeys of [1, 2, 3]) {
    expect((await list({ Delimiter: '/', MaxKeys })).sort()).toEqual(rolled.toSorted());
  }
  expect(await list({ Prefix: 'b/', Delimiter: '/' })).toEqual(['prefix b/2/', 'b/1']);
});

test('encodes keys on request', async () => {
  const { Contents } = await aws.s3.send(new ListObjectsCommand({ Bucket, EncodingType: 'url' }));
  expect(Contents?.slice(5, 7).map(({ Key }) => Key)).toEqual(['c+d', '%C3%A9']);
});

test('supports the older ListObjects', async () => {
  const first = await aws.s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 6 }));
  expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'c d' });
  const rest = await aws.s3.send(new ListObjectsCommand({ Bucket, Marker: first.NextMarker }));
  expect(rest.Contents?.map(({ Key }) => Key)).toEqual(KEYS.slice(6));
});

test('lists versions in pages, the newest of a key first', async () => {
  const found: string[] = [];
  let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await aws.s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1, ...next }));
    found.push(
      ...(page.Versions ?? []).map(({ Key, Size, IsLatest }) => `${Key} ${Size} ${IsLatest}`),
    );
    found.push(
      ...(page.DeleteMarkers ?? []).map(({ Key, IsLatest }) => `${Key} marker ${IsLatest}`),
    );
    if (!page.IsTruncated) break;
    next = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
  expect(found).toEqual([
    'a 3 true',
    'a/1 5 true',
    'a/1 3 false',
    'a/2 3 true',
    'b/1 3 true',
    'b/2/3 3 true',
    'c d 3 true',
    'gone marker true',
    'gone 1 false',
    'é 3 true',
    '\u{ffee} 3 true',
    '😀 3 true',
  ]);
});
