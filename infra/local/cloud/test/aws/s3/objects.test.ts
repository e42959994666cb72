import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { httpStatus } from '../../support/content.ts';
import { startLocalAws } from '../../support/local-aws.ts';

let aws: Awaited<ReturnType<typeof startLocalAws>>;
const Bucket = 'plain';

beforeAll(async () => {
  aws = await startLocalAws();
});
beforeEach(() => {
  aws.recorder.take();
});
afterAll(() => aws.close());

async function put(key: string, body: string) {
  return aws.s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
}

async function textOf(key: string, Range?: string) {
  const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket, Key: key, Range }));
  return Body?.transformToString();
}

describe('keys are kept exactly', () => {
  const keys = [
    'a b.txt',
    'a+b.txt',
    '%2B%20%%%.png',
    'é/(1).pdf',
    `quotes "double" 'single'.txt`,
    'new\nline\r\ttab',
    'k'.repeat(1024),
    'é'.repeat(512),
    'double//slash',
    '/leading',
    'trailing/',
    '.',
    '..',
    'a/./b',
    'a/../b',
    'b/..',
    '<tag>&amp;',
    'ques?tion#hash',
    'back\\slash',
    '😀/\u{ffff}',
    '__proto__',
    'constructor',
  ];

  test.each(keys)('%j', async (key) => {
    await put(key, `content of ${key}`);
    expect(await textOf(key)).toBe(`content of ${key}`);
    const list = await aws.s3.send(new ListObjectsV2Command({ Bucket, Prefix: key }));
    expect(list.Contents?.map(({ Key }) => Key)).toContain(key);
    expect(aws.created.at(-1)?.key).toBe(key);
    expect(aws.recorder.take()[0]).toBe(`s3:PutObject arn:aws:s3:::plain/${key} 200`);
  });

  test('all differ, and can be deleted in a batch', async () => {
    for (const key of keys) expect(await textOf(key)).toBe(`content of ${key}`);
    const Objects = keys.map((Key) => ({ Key }));
    const { Deleted } = await aws.s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects } }),
    );
    expect(Deleted?.map(({ Key }) => Key)).toEqual(keys);
    const { KeyCount } = await aws.s3.send(new ListObjectsV2Command({ Bucket }));
    expect(KeyCount).toBe(0);
  });

  test('with characters that XML cannot contain are listed and deleted, but not in a batch', async () => {
    const Key = 'control\u0001';
    await put(Key, 'x');
    const { Contents } = await aws.s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'control', EncodingType: 'url' }),
    );
    expect(Contents?.map((object) => object.Key)).toEqual(['control%01']);
    const batch = new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } });
    await expect(aws.s3.send(batch)).rejects.toMatchObject({ name: 'MalformedXML' });
    await aws.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    await expect(textOf(Key)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('over 1024 bytes are rejected', async () => {
    await expect(put(`${'é'.repeat(512)}e`, '')).rejects.toMatchObject({ name: 'KeyTooLongError' });
  });
});

test('keeps the content type, other headers and metadata', async () => {
  const headers = {
    ContentType: 'application/x-www-form-urlencoded; odd="1"',
    CacheControl: 'no-store',
    ContentDisposition: 'attachment',
    ContentLanguage: 'de',
    ContentEncoding: 'gzip',
    Metadata: { origin: 'a mail', 'with-dash': '1' },
  };
  const Body = 'a=1&b=2';
  const { ETag } = await aws.s3.send(
    new PutObjectCommand({ Bucket, Key: 'headers', Body, ...headers }),
  );
  const got = await aws.s3.send(new GetObjectCommand({ Bucket, Key: 'headers' }));
  expect(await got.Body?.transformToString()).toBe(Body);
  expect(got).toMatchObject({ ...headers, ETag, ContentLength: 7 });
  const head = await aws.s3.send(new HeadObjectCommand({ Bucket, Key: 'headers' }));
  expect(head).toMatchObject({ ...headers, ETag, ContentLength: 7, AcceptRanges: 'bytes' });
});

test.each(['nonsense', 'application/json', 'text/plain', 'multipart/form-data'])(
  'stores bytes of the content type %s unchanged',
  async (ContentType) => {
    await aws.s3.send(new PutObjectCommand({ Bucket, Key: 'typed', Body: '{', ContentType }));
    const got = await aws.s3.send(new GetObjectCommand({ Bucket, Key: 'typed' }));
    expect(got.ContentType).toBe(ContentType);
    expect(await got.Body?.transformToString()).toBe('{');
  },
);

test('stores empty objects', async () => {
  await put('empty', '');
  expect(await textOf('empty')).toBe('');
  await expect(textOf('empty', 'bytes=0-0')).rejects.toMatchObject(httpStatus(416));
});

describe('ranges', () => {
  beforeAll(() => put('digits', '0123456789'));

  test.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=4-', '456789', 'bytes 4-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
  ])('%s', async (Range, text, contentRange) => {
    const got = await aws.s3.send(new GetObjectCommand({ Bucket, Key: 'digits', Range }));
    expect(got).toMatchObject({ ContentRange: contentRange, ContentLength: text.length });
    expect(got.$metadata.httpStatusCode).toBe(206);
    expect(await got.Body?.transformToString()).toBe(text);
  });

  test.each(['bytes=3-1', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-'])(
    '%s returns the whole object',
    async (Range) => {
      expect(await textOf('digits', Range)).toBe('0123456789');
    },
  );

  test.each(['bytes=10-', 'bytes=10-20', 'bytes=-0'])('%s is rejected', async (Range) => {
    await expect(textOf('digits', Range)).rejects.toMatchObject({
      name: 'InvalidRange',
      ...httpStatus(416),
    });
  });

  test('are ignored for HEAD', async () => {
    const head = new HeadObjectCommand({ Bucket, Key: 'digits', Range: 'bytes=1-2' });
    expect(await aws.s3.send(head)).toMatchObject({ ContentLength: 10 });
  });
});
