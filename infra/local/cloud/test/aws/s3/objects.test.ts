import { request } from 'node:http';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  RestoreObjectCommand,
  type S3Client,
  SelectObjectContentCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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

const status = (code: number) => ({ $metadata: { httpStatusCode: code } });

describe('keys are exact', () => {
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

  test('each of them is an object of its own, and a batch deletes them', async () => {
    for (const key of keys) expect(await textOf(key)).toBe(`content of ${key}`);
    const Objects = keys.map((Key) => ({ Key }));
    const { Deleted } = await aws.s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects } }),
    );
    expect(Deleted?.map(({ Key }) => Key)).toEqual(keys);
    const { KeyCount } = await aws.s3.send(new ListObjectsV2Command({ Bucket }));
    expect(KeyCount).toBe(0);
  });

  test('that XML cannot hold are listed and deleted, though not in a batch', async () => {
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

  test('of at most 1024 bytes', async () => {
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
  'takes the bytes of the content type %s as they are',
  async (ContentType) => {
    await aws.s3.send(new PutObjectCommand({ Bucket, Key: 'typed', Body: '{', ContentType }));
    const got = await aws.s3.send(new GetObjectCommand({ Bucket, Key: 'typed' }));
    expect(got.ContentType).toBe(ContentType);
    expect(await got.Body?.transformToString()).toBe('{');
  },
);

test('an empty object is one', async () => {
  await put('empty', '');
  expect(await textOf('empty')).toBe('');
  await expect(textOf('empty', 'bytes=0-0')).rejects.toMatchObject(status(416));
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
    '%s is the whole',
    async (Range) => {
      expect(await textOf('digits', Range)).toBe('0123456789');
    },
  );

  test.each(['bytes=10-', 'bytes=10-20', 'bytes=-0'])('%s is refused', async (Range) => {
    await expect(textOf('digits', Range)).rejects.toMatchObject({
      name: 'InvalidRange',
      ...status(416),
    });
  });

  test('of a HEAD are ignored', async () => {
    const head = new HeadObjectCommand({ Bucket, Key: 'digits', Range: 'bytes=1-2' });
    expect(await aws.s3.send(head)).toMatchObject({ ContentLength: 10 });
  });
});

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

  test.each([read, head])('that hold: %o', async (send) => {
    await send({ IfMatch: ETag });
    await send({ IfMatch: ETag?.replaceAll('"', '') });
    await send({ IfNoneMatch: '"other"' });
    await send({ IfModifiedSince: past });
    await send({ IfUnmodifiedSince: future });
    await send({ IfMatch: ETag, IfUnmodifiedSince: past });
  });

  test.each([read, head])('that do not hold: %o', async (send) => {
    await expect(send({ IfMatch: '"other"' })).rejects.toMatchObject(status(412));
    await expect(send({ IfUnmodifiedSince: past })).rejects.toMatchObject(status(412));
    await expect(send({ IfNoneMatch: ETag })).rejects.toMatchObject(status(304));
    await expect(send({ IfModifiedSince: future })).rejects.toMatchObject(status(304));
  });

  test('of a write', async () => {
    const write = (Key: string, conditions: object) =>
      aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'new', ...conditions }));
    const failed = { name: 'PreconditionFailed', ...status(412) };
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
    await expect(remove('"other"')).rejects.toMatchObject(status(412));
    expect(await textOf('absent')).toBe('new');
    await remove('*');
    await expect(remove('*')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('of writes at once: exactly one wins', async () => {
    const writes = Array.from({ length: 20 }, (_, index) =>
      aws.s3.send(
        new PutObjectCommand({ Bucket, Key: 'race', Body: `${index}`, IfNoneMatch: '*' }),
      ),
    );
    const results = await Promise.allSettled(writes);
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });
});

describe('what is not there', () => {
  test('a key is 404, which needs the permission to list', async () => {
    await expect(textOf('missing')).rejects.toMatchObject({ name: 'NoSuchKey', ...status(404) });
    const head = new HeadObjectCommand({ Bucket, Key: 'missing' });
    await expect(aws.s3.send(head)).rejects.toMatchObject({ name: 'NotFound', ...status(404) });
    const calls = [
      's3:GetObject arn:aws:s3:::plain/missing 404',
      's3:ListBucket arn:aws:s3:::plain 404',
    ];
    expect(aws.recorder.take()).toEqual([...calls, ...calls]);
  });

  test('a bucket is NoSuchBucket', async () => {
    const wrong = { Bucket: 'no-such-bucket', Key: 'k' };
    const expected = { name: 'NoSuchBucket', ...status(404) };
    await expect(aws.s3.send(new GetObjectCommand(wrong))).rejects.toMatchObject(expected);
    const large = new PutObjectCommand({ ...wrong, Body: Buffer.alloc(20 * 2 ** 20) });
    await expect(aws.s3.send(large)).rejects.toMatchObject(expected);
    await expect(aws.s3.send(new ListObjectsV2Command(wrong))).rejects.toMatchObject(expected);
    await expect(aws.s3.send(new HeadBucketCommand(wrong))).rejects.toMatchObject(status(404));
  });

  test('errors are XML, whatever the content type', async () => {
    const wrong = { Bucket: 'no-such-bucket', Key: 'k', Body: '{}' };
    const put = new PutObjectCommand({ ...wrong, ContentType: 'application/json' });
    await expect(aws.s3.send(put)).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  test('deleting it succeeds', async () => {
    const answer = await aws.s3.send(new DeleteObjectCommand({ Bucket, Key: 'missing' }));
    expect(answer).toMatchObject(status(204));
    expect(aws.recorder.take()).toEqual(['s3:DeleteObject arn:aws:s3:::plain/missing 204']);
  });
});

test('buckets are made, found, listed and removed', async () => {
  const Extra = { Bucket: 'extra-bucket' };
  await aws.s3.send(new CreateBucketCommand(Extra));
  await aws.s3.send(new HeadBucketCommand(Extra));
  const { Buckets } = await aws.s3.send(new ListBucketsCommand());
  expect(Buckets?.map(({ Name }) => Name)).toEqual(['extra-bucket', 'plain', 'versioned']);
  const location = await aws.s3.send(new GetBucketLocationCommand(Extra));
  expect(location.LocationConstraint).toBeUndefined();
  await aws.s3.send(new DeleteBucketCommand(Extra));
  await expect(aws.s3.send(new DeleteBucketCommand(Extra))).rejects.toMatchObject(status(404));
  expect(aws.recorder.take()).toEqual([
    's3:CreateBucket arn:aws:s3:::extra-bucket 200',
    's3:ListBucket arn:aws:s3:::extra-bucket 200',
    's3:ListAllMyBuckets * 200',
    's3:GetBucketLocation arn:aws:s3:::extra-bucket 200',
    's3:DeleteBucket arn:aws:s3:::extra-bucket 204',
    's3:DeleteBucket arn:aws:s3:::extra-bucket 404',
  ]);
  await put('one', '1');
  await expect(aws.s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
    name: 'BucketNotEmpty',
    ...status(409),
  });
  await expect(aws.s3.send(new CreateBucketCommand({ Bucket: 'a..b' }))).rejects.toMatchObject({
    name: 'InvalidBucketName',
  });
});

describe('what is not served is refused, and changes nothing', () => {
  const target = { Bucket, Key: 'kept' };
  beforeAll(() => put('kept', 'kept'));

  const commands: Record<string, (s3: S3Client) => Promise<unknown>> = {
    GetObjectAcl: (s3) => s3.send(new GetObjectAclCommand(target)),
    PutObjectAcl: (s3) => s3.send(new PutObjectAclCommand({ ...target, ACL: 'private' })),
    GetObjectRetention: (s3) => s3.send(new GetObjectRetentionCommand(target)),
    PutObjectRetention: (s3) =>
      s3.send(new PutObjectRetentionCommand({ ...target, Retention: { Mode: 'GOVERNANCE' } })),
    GetObjectLegalHold: (s3) => s3.send(new GetObjectLegalHoldCommand(target)),
    RestoreObject: (s3) =>
      s3.send(new RestoreObjectCommand({ ...target, RestoreRequest: { Days: 1 } })),
    SelectObjectContent: (s3) =>
      s3.send(
        new SelectObjectContentCommand({
          ...target,
          Expression: 'select 1',
          ExpressionType: 'SQL',
          InputSerialization: {},
          OutputSerialization: {},
        }),
      ),
    GetBucketPolicy: (s3) => s3.send(new GetBucketPolicyCommand({ Bucket })),
    PutBucketNotificationConfiguration: (s3) =>
      s3.send(
        new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: {} }),
      ),
    'PutObject with an ACL': (s3) =>
      s3.send(new PutObjectCommand({ ...target, Body: 'other', ACL: 'public-read' })),
    'PutObject with a legal hold': (s3) =>
      s3.send(new PutObjectCommand({ ...target, Body: 'other', ObjectLockLegalHoldStatus: 'ON' })),
  };

  test.each(Object.entries(commands))('%s', async (_, command) => {
    await expect(command(aws.s3)).rejects.toMatchObject({ name: 'NotImplemented', ...status(501) });
    expect(await textOf('kept')).toBe('kept');
  });
});

test('answers presigned URLs, unsigned in their headers', async () => {
  await put('signed', 'by query');
  const credential = encodeURIComponent('Someone/20260101/us-east-1/s3/aws4_request');
  const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0&x-id=GetObject`;
  const answer = await fetch(`${aws.url}/plain/signed?${query}`);
  expect(await answer.text()).toBe('by query');
  expect(aws.recorder.calls.at(-1)?.principal).toBe('Someone');
});

test('refuses a URL that cannot be decoded', async () => {
  const credential = 'Credential=Someone/20260101/us-east-1/s3/aws4_request';
  const answer = await new Promise<number | undefined>((resolve, reject) => {
    const options = { headers: { authorization: `AWS4-HMAC-SHA256 ${credential}` } };
    request(`${aws.url}/plain/%zz`, options, (response) => resolve(response.statusCode))
      .on('error', reject)
      .end();
  });
  expect(answer).toBe(400);
});
