import {
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startLocalAws } from '../../support/local-aws.ts';

let aws: Awaited<ReturnType<typeof startLocalAws>>;
const target = { Bucket: 'versioned', Key: 'tagged' };
const arn = 'arn:aws:s3:::versioned/tagged';
let first: string | undefined;
let second: string | undefined;

beforeAll(async () => {
  aws = await startLocalAws();
  const put = (Body: string, Tagging?: string) =>
    aws.s3.send(new PutObjectCommand({ ...target, Body, Tagging }));
  first = (await put('one', 'a=1&with%20space=x%2By')).VersionId;
  second = (await put('second')).VersionId;
});
beforeEach(() => {
  aws.recorder.take();
});
afterAll(() => aws.close());

const tag = (Key: string, Value: string) => ({ Key, Value });

async function tagsOf(VersionId?: string) {
  return (await aws.s3.send(new GetObjectTaggingCommand({ ...target, VersionId }))).TagSet;
}

function setTags(TagSet: { Key: string; Value: string }[], VersionId?: string) {
  return aws.s3.send(new PutObjectTaggingCommand({ ...target, VersionId, Tagging: { TagSet } }));
}

test('stores tags with the object, and counts them', async () => {
  expect(await tagsOf(first)).toEqual([tag('a', '1'), tag('with space', 'x+y')]);
  expect(await tagsOf()).toEqual([]);
  const got = await aws.s3.send(new GetObjectCommand({ ...target, VersionId: first }));
  expect(got.TagCount).toBe(2);
  expect(await got.Body?.transformToString()).toBe('one');
  expect((await aws.s3.send(new HeadObjectCommand(target))).TagCount).toBeUndefined();
});

test('sets, reads and removes tags of a version without changing its content', async () => {
  const odd = [tag('scan-verdict', 'malicious'), tag('é:/=+-@_.', ''), tag('a', 'ü b')];
  expect(await setTags(odd, first)).toMatchObject({ VersionId: first });
  expect(await setTags([tag('new', 'est')])).toMatchObject({ VersionId: second });
  expect(await tagsOf(first)).toEqual(odd);
  expect(await tagsOf(second)).toEqual([tag('new', 'est')]);
  const got = await aws.s3.send(new GetObjectCommand({ ...target, VersionId: first }));
  expect(await got.Body?.transformToString()).toBe('one');
  await aws.s3.send(new DeleteObjectTaggingCommand({ ...target, VersionId: first }));
  await aws.s3.send(new DeleteObjectTaggingCommand(target));
  expect(await tagsOf(first)).toEqual([]);
  expect(aws.recorder.take()).toEqual([
    `s3:PutObjectVersionTagging ${arn} 200`,
    `s3:PutObjectTagging ${arn} 200`,
    `s3:GetObjectVersionTagging ${arn} 200`,
    `s3:GetObjectVersionTagging ${arn} 200`,
    `s3:GetObjectVersion ${arn} 200`,
    `s3:DeleteObjectVersionTagging ${arn} 204`,
    `s3:DeleteObjectTagging ${arn} 204`,
    `s3:GetObjectVersionTagging ${arn} 200`,
  ]);
});

const many = (count: number) => Array.from({ length: count }, (_, at) => tag(`k${at}`, 'v'));

test('accepts tags at the limits', async () => {
  const longest = tag('k'.repeat(128), 'v'.repeat(256));
  await setTags([...many(9), longest]);
  expect(await tagsOf()).toHaveLength(10);
});

test.each([
  ['11 tags', many(11), 'BadRequest'],
  ['a key of 129', [tag('k'.repeat(129), '')], 'InvalidTag'],
  ['an empty key', [tag('', 'v')], 'InvalidTag'],
  ['a value of 257', [tag('k', 'v'.repeat(257))], 'InvalidTag'],
  ['a key twice', [tag('k', '1'), tag('k', '2')], 'InvalidTag'],
  ['a forbidden character', [tag('k', '<v>')], 'InvalidTag'],
  ['a key reserved by AWS', [tag('aws:k', 'v')], 'InvalidTag'],
])('rejects %s and keeps the tags', async (_, tags, name) => {
  await setTags([tag('kept', '1')]);
  await expect(setTags(tags)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  const Tagging = tags.map(
    ({ Key, Value }) => `${encodeURIComponent(Key)}=${encodeURIComponent(Value)}`,
  );
  const put = new PutObjectCommand({ ...target, Body: '', Tagging: Tagging.join('&') });
  await expect(aws.s3.send(put)).rejects.toMatchObject({ name });
  expect(await tagsOf()).toEqual([tag('kept', '1')]);
});

test('rejects missing objects and versions', async () => {
  const missing = new GetObjectTaggingCommand({ ...target, Key: 'missing' });
  await expect(aws.s3.send(missing)).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(tagsOf('a'.repeat(32))).rejects.toMatchObject({ name: 'NoSuchVersion' });
});
