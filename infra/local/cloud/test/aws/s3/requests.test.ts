import { request } from 'node:http';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
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

describe('missing things', () => {
  test('a missing key is 404, which needs the permission to list', async () => {
    await expect(textOf('missing')).rejects.toMatchObject({
      name: 'NoSuchKey',
      ...httpStatus(404),
    });
    const head = new HeadObjectCommand({ Bucket, Key: 'missing' });
    await expect(aws.s3.send(head)).rejects.toMatchObject({ name: 'NotFound', ...httpStatus(404) });
    const calls = [
      's3:GetObject arn:aws:s3:::plain/missing 404',
      's3:ListBucket arn:aws:s3:::plain 404',
    ];
    expect(aws.recorder.take()).toEqual([...calls, ...calls]);
  });

  test('a missing bucket is NoSuchBucket', async () => {
    const wrong = { Bucket: 'no-such-bucket', Key: 'k' };
    const expected = { name: 'NoSuchBucket', ...httpStatus(404) };
    await expect(aws.s3.send(new GetObjectCommand(wrong))).rejects.toMatchObject(expected);
    const large = new PutObjectCommand({ ...wrong, Body: Buffer.alloc(20 * 2 ** 20) });
    await expect(aws.s3.send(large)).rejects.toMatchObject(expected);
    await expect(aws.s3.send(new ListObjectsV2Command(wrong))).rejects.toMatchObject(expected);
    await expect(aws.s3.send(new HeadBucketCommand(wrong))).rejects.toMatchObject(httpStatus(404));
  });

  test('errors are XML, whatever the content type', async () => {
    const wrong = { Bucket: 'no-such-bucket', Key: 'k', Body: '{}' };
    const put = new PutObjectCommand({ ...wrong, ContentType: 'application/json' });
    await expect(aws.s3.send(put)).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  test('deleting a missing key succeeds', async () => {
    const answer = await aws.s3.send(new DeleteObjectCommand({ Bucket, Key: 'missing' }));
    expect(answer).toMatchObject(httpStatus(204));
    expect(aws.recorder.take()).toEqual(['s3:DeleteObject arn:aws:s3:::plain/missing 204']);
  });
});

test('creates, finds, lists and deletes buckets', async () => {
  const Extra = { Bucket: 'extra-bucket' };
  await aws.s3.send(new CreateBucketCommand(Extra));
  await aws.s3.send(new HeadBucketCommand(Extra));
  const { Buckets } = await aws.s3.send(new ListBucketsCommand());
  expect(Buckets?.map(({ Name }) => Name)).toEqual(['extra-bucket', 'plain', 'versioned']);
  const location = await aws.s3.send(new GetBucketLocationCommand(Extra));
  expect(location.LocationConstraint).toBeUndefined();
  await aws.s3.send(new DeleteBucketCommand(Extra));
  await expect(aws.s3.send(new DeleteBucketCommand(Extra))).rejects.toMatchObject(httpStatus(404));
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
    ...httpStatus(409),
  });
  await expect(aws.s3.send(new CreateBucketCommand({ Bucket: 'a..b' }))).rejects.toMatchObject({
    name: 'InvalidBucketName',
  });
});

describe('unsupported requests are rejected and change nothing', () => {
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
    'PutObject with an unknown checksum': (s3) =>
      s3.send(new PutObjectCommand({ ...target, Body: 'other', ChecksumSHA512: 'AAAA' })),
    'PutObject with an ACL': (s3) =>
      s3.send(new PutObjectCommand({ ...target, Body: 'other', ACL: 'public-read' })),
    'PutObject with a legal hold': (s3) =>
      s3.send(new PutObjectCommand({ ...target, Body: 'other', ObjectLockLegalHoldStatus: 'ON' })),
  };

  test.each(Object.entries(commands))('%s', async (_, command) => {
    await expect(command(aws.s3)).rejects.toMatchObject({
      name: 'NotImplemented',
      ...httpStatus(501),
    });
    expect(await textOf('kept')).toBe('kept');
  });
});

test('accepts presigned URLs', async () => {
  await put('signed', 'by query');
  const credential = encodeURIComponent('Someone/20260101/us-east-1/s3/aws4_request');
  const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0&x-id=GetObject`;
  const answer = await fetch(`${aws.url}/plain/signed?${query}`);
  expect(await answer.text()).toBe('by query');
  expect(aws.recorder.calls.at(-1)?.principal).toBe('Someone');
});

test('rejects a URL that cannot be decoded', async () => {
  const credential = 'Credential=Someone/20260101/us-east-1/s3/aws4_request';
  const answer = await new Promise<number | undefined>((resolve, reject) => {
    const options = { headers: { authorization: `AWS4-HMAC-SHA256 ${credential}` } };
    request(`${aws.url}/plain/%zz`, options, (response) => resolve(response.statusCode))
      .on('error', reject)
      .end();
  });
  expect(answer).toBe(400);
});
