import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startLocalAws } from '../../support/local-aws.ts';

let aws: Awaited<ReturnType<typeof startLocalAws>>;
const Key = 'source/a+b é?.txt';
const source = `versioned/${encodeURIComponent(Key)}`;
let first: string | undefined;
let second: string | undefined;

beforeAll(async () => {
  aws = await startLocalAws();
  const put = (Body: string, more: object = {}) =>
    aws.s3.send(new PutObjectCommand({ Bucket: 'versioned', Key, Body, ...more }));
  const headers = { Metadata: { a: 'b' }, ContentType: 'x/y', CacheControl: 'no-cache' };
  first = (await put('first', { ...headers, Tagging: 't=1' })).VersionId;
  second = (await put('second')).VersionId;
});
beforeEach(() => {
  aws.recorder.take();
});
afterAll(() => aws.close());

function copy(CopySource: string, more: Partial<CopyObjectCommand['input']> = {}) {
  return aws.s3.send(new CopyObjectCommand({ Bucket: 'plain', Key: 'copy', CopySource, ...more }));
}

async function copied() {
  const target = { Bucket: 'plain', Key: 'copy' };
  const got = await aws.s3.send(new GetObjectCommand(target));
  const { TagSet } = await aws.s3.send(new GetObjectTaggingCommand(target));
  return { ...got, text: await got.Body?.transformToString(), TagSet };
}

test('copies the newest version', async () => {
  const answer = await copy(source);
  expect(answer.CopySourceVersionId).toBe(second);
  expect(answer.CopyObjectResult?.ETag).toMatch(/^"[0-9a-f]{32}"$/);
  expect(aws.recorder.take()).toEqual([
    's3:PutObject arn:aws:s3:::plain/copy 200',
    `s3:GetObject arn:aws:s3:::versioned/${Key} 200`,
  ]);
  expect(await copied()).toMatchObject({ text: 'second', Metadata: {}, TagSet: [] });
  expect(aws.created.at(-1)).toMatchObject({
    bucket: 'plain',
    key: 'copy',
    reason: 'CopyObject',
    size: 6,
  });
});

test('copies a version with its headers and tags', async () => {
  const answer = await copy(`/${source}?versionId=${first}`);
  expect(answer.CopySourceVersionId).toBe(first);
  expect(aws.recorder.take()).toEqual([
    's3:PutObject arn:aws:s3:::plain/copy 200',
    `s3:GetObjectVersion arn:aws:s3:::versioned/${Key} 200`,
    `s3:GetObjectVersionTagging arn:aws:s3:::versioned/${Key} 200`,
    's3:PutObjectTagging arn:aws:s3:::plain/copy 200',
  ]);
  expect(await copied()).toMatchObject({
    text: 'first',
    Metadata: { a: 'b' },
    ContentType: 'x/y',
    CacheControl: 'no-cache',
    TagSet: [{ Key: 't', Value: '1' }],
  });
});

test('replaces headers and tags on request', async () => {
  await copy(`${source}?versionId=${first}`, {
    MetadataDirective: 'REPLACE',
    Metadata: { c: 'd' },
    ContentType: 'n/w',
    TaggingDirective: 'REPLACE',
    Tagging: 'n=2',
  });
  const got = await copied();
  expect(got).toMatchObject({
    text: 'first',
    Metadata: { c: 'd' },
    ContentType: 'n/w',
    TagSet: [{ Key: 'n', Value: '2' }],
  });
  expect(got.CacheControl).toBeUndefined();
});

test('restores an old version, and refuses a copy that changes nothing', async () => {
  const onto = { Bucket: 'versioned', Key };
  await expect(copy(source, onto)).rejects.toMatchObject({ name: 'InvalidRequest' });
  const { VersionId } = await copy(`${source}?versionId=${first}`, onto);
  expect(VersionId).not.toBe(first);
  const got = await aws.s3.send(new GetObjectCommand(onto));
  expect(got).toMatchObject({ VersionId, Metadata: { a: 'b' } });
  expect(await got.Body?.transformToString()).toBe('first');
  await copy(source, { ...onto, MetadataDirective: 'REPLACE', Metadata: { e: 'f' } });
  expect((await aws.s3.send(new GetObjectCommand(onto))).Metadata).toEqual({ e: 'f' });
});

test('checks conditions on the source', async () => {
  const failed = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } };
  const { CopyObjectResult } = await copy(source);
  await copy(source, { CopySourceIfMatch: CopyObjectResult?.ETag });
  await expect(copy(source, { CopySourceIfMatch: '"other"' })).rejects.toMatchObject(failed);
  const noneMatch = { CopySourceIfNoneMatch: CopyObjectResult?.ETag };
  await expect(copy(source, noneMatch)).rejects.toMatchObject(failed);
});

test('rejects a missing source', async () => {
  await expect(copy('versioned/missing')).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(copy('no-such-bucket/x')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  await expect(copy(`${source}?versionId=${'a'.repeat(32)}`)).rejects.toMatchObject({
    name: 'NoSuchVersion',
  });
  await expect(copy('versioned')).rejects.toMatchObject({ name: 'InvalidArgument' });
});

test('copies into a part of an upload', async () => {
  const target = { Bucket: 'plain', Key: 'parts' };
  const { UploadId } = await aws.s3.send(new CreateMultipartUploadCommand(target));
  const part = { ...target, UploadId, PartNumber: 1, CopySource: `${source}?versionId=${first}` };
  aws.recorder.take();
  const answer = await aws.s3.send(new UploadPartCopyCommand(part));
  expect(answer).toMatchObject({ CopySourceVersionId: first });
  expect(answer.CopyPartResult?.ETag).toMatch(/^"[0-9a-f]{32}"$/);
  expect(aws.recorder.take()).toEqual([
    's3:PutObject arn:aws:s3:::plain/parts 200',
    `s3:GetObjectVersion arn:aws:s3:::versioned/${Key} 200`,
  ]);
});
