/**
 * Checksums that S3 keeps with objects
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html).
 */
import { createHash } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf } from '../../support/content.ts';
import { startLocalAws } from '../../support/local-aws.ts';

let aws: Awaited<ReturnType<typeof startLocalAws>>;
const Bucket = 'versioned';

beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

const head = (Key: string) =>
  aws.s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));

/** Uploads two parts. */
async function uploadInParts(
  Key: string,
  parts: readonly Uint8Array[],
  options: Partial<CreateMultipartUploadCommandInput>,
) {
  const target = { Bucket, Key };
  const create = new CreateMultipartUploadCommand({ ...target, ...options });
  const { UploadId } = await aws.s3.send(create);
  const Parts = [];
  for (const [index, Body] of parts.entries()) {
    const PartNumber = index + 1;
    const { ChecksumAlgorithm } = options;
    const part = { ...target, UploadId, PartNumber, Body, ChecksumAlgorithm };
    const { ETag, ChecksumSHA256 } = await aws.s3.send(new UploadPartCommand(part));
    Parts.push({ ETag, PartNumber, ChecksumSHA256 });
  }
  const MultipartUpload = { Parts };
  return aws.s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
}

const parts = [bytesOf(5 * 2 ** 20), bytesOf(1000)];
const composed = `${base64(sha256(Buffer.concat(parts.map(sha256))))}-2`;

test('the SHA-256 of an object that was put is of the whole object, and shown only when asked for', async () => {
  const ChecksumSHA256 = base64(sha256(Buffer.from('hello')));
  const target = { Bucket, Key: 'put' };
  await aws.s3.send(new PutObjectCommand({ ...target, Body: 'hello', ChecksumSHA256 }));
  expect(await head('put')).toMatchObject({ ChecksumSHA256, ChecksumType: 'FULL_OBJECT' });
  const answer = await aws.s3.send(new HeadObjectCommand(target));
  expect(answer).not.toHaveProperty('ChecksumSHA256');
  expect(answer).not.toHaveProperty('ChecksumType');
});

test('a wrong SHA-256 is refused, so that a kept one is always that of the content', async () => {
  const ChecksumSHA256 = base64(sha256(Buffer.from('clean')));
  const put = new PutObjectCommand({ Bucket, Key: 'forged', Body: 'malware', ChecksumSHA256 });
  await expect(aws.s3.send(put)).rejects.toMatchObject({ name: 'BadDigest' });
});

describe('a multipart upload', () => {
  test('with SHA-256 has the SHA-256 of those of its parts', async () => {
    const completed = await uploadInParts('composed', parts, { ChecksumAlgorithm: 'SHA256' });
    const expected = { ChecksumSHA256: composed, ChecksumType: 'COMPOSITE' };
    expect(completed).toMatchObject(expected);
    expect(await head('composed')).toMatchObject(expected);
  });

  test('without one has none', async () => {
    await uploadInParts('plain', parts, {});
    expect(await head('plain')).not.toHaveProperty('ChecksumSHA256');
  });

  test.each([
    ['SHA256', 'FULL_OBJECT', 'sha256'],
    ['CRC64NVME', 'COMPOSITE', 'crc64nvme'],
  ] as const)('with %s cannot be %s', async (ChecksumAlgorithm, ChecksumType, name) => {
    const upload = { Bucket, Key: 'impossible', ChecksumAlgorithm, ChecksumType };
    await expect(aws.s3.send(new CreateMultipartUploadCommand(upload))).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: `The ${ChecksumType} checksum type cannot be used with the ${name} checksum algorithm.`,
    });
  });

  test('gets the SHA-256 of its whole content when it is copied', async () => {
    await uploadInParts('original', parts, { ChecksumAlgorithm: 'SHA256' });
    const CopySource = `${Bucket}/original`;
    const copy = new CopyObjectCommand({ Bucket, Key: 'copy', CopySource });
    const ChecksumSHA256 = base64(sha256(Buffer.concat(parts)));
    const { CopyObjectResult } = await aws.s3.send(copy);
    expect(CopyObjectResult).toMatchObject({ ChecksumSHA256, ChecksumType: 'FULL_OBJECT' });
    expect(await head('copy')).toMatchObject({ ChecksumSHA256, ChecksumType: 'FULL_OBJECT' });
  });
});

test('a copy gets the checksum that is asked for', async () => {
  await aws.s3.send(new PutObjectCommand({ Bucket, Key: 'crc', Body: 'hello' }));
  const CopySource = `${Bucket}/crc`;
  const copy = { Bucket, Key: 'sha', CopySource, ChecksumAlgorithm: 'SHA256' } as const;
  await aws.s3.send(new CopyObjectCommand(copy));
  const answer = await aws.s3.send(
    new GetObjectCommand({ Bucket, Key: 'sha', ChecksumMode: 'ENABLED' }),
  );
  expect(answer).toMatchObject({
    ChecksumSHA256: base64(sha256(Buffer.from('hello'))),
    ChecksumType: 'FULL_OBJECT',
  });
  expect(answer).not.toHaveProperty('ChecksumCRC32');
});
