import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bytesOf, digest, digestOf, streamOf } from '../../support/content.ts';
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

const MIB = 2 ** 20;

describe('multipart uploads', () => {
  const Key = 'a b+c/é.bin';
  const arn = `arn:aws:s3:::versioned/${Key}`;
  const target = { Bucket, Key };

  test('by lib-storage, from a stream of unknown length', { timeout: 60_000 }, async () => {
    const bytes = bytesOf(12 * MIB + 3);
    const params = { ...target, Body: streamOf(bytes), ContentType: 'x/y', Tagging: 'a=b' };
    const upload = new Upload({ client: aws.s3, params, partSize: 5 * MIB });
    const done = await upload.done();
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    expect(await digestOf(aws.s3, Bucket, Key)).toBe(digest(bytes));
    const got = await aws.s3.send(
      new GetObjectCommand({ ...target, Range: 'bytes=5242879-5242881' }),
    );
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(
      bytes.subarray(5 * MIB - 1, 5 * MIB + 2),
    );
    expect(got).toMatchObject({ ContentType: 'x/y', TagCount: 1, VersionId: done.VersionId });
    expect(aws.created.at(-1)).toMatchObject({
      key: Key,
      size: bytes.length,
      reason: 'CompleteMultipartUpload',
      versionId: done.VersionId,
      etag: done.ETag?.replaceAll('"', ''),
    });
    expect(aws.recorder.take().slice(0, 6)).toEqual([
      `s3:PutObject ${arn} 200`,
      `s3:PutObjectTagging ${arn} 200`,
      ...Array.from({ length: 4 }, () => `s3:PutObject ${arn} 200`),
    ]);
  });

  test('by hand, with a copied part, read by part', { timeout: 60_000 }, async () => {
    const { UploadId } = await aws.s3.send(new CreateMultipartUploadCommand(target));
    const upload = { ...target, UploadId };
    const first = bytesOf(5 * MIB);
    const one = await aws.s3.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: first }));
    await aws.s3.send(new PutObjectCommand({ Bucket, Key: 'tail', Body: 'the tail' }));
    const two = await aws.s3.send(
      new UploadPartCopyCommand({ ...upload, PartNumber: 7, CopySource: `${Bucket}/tail` }),
    );
    const Parts = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 7, ETag: two.CopyPartResult?.ETag },
    ];
    const complete = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } });
    const done = await aws.s3.send(complete);
    expect(done).toMatchObject({ Bucket, Key, VersionId: expect.any(String) });
    expect(await digestOf(aws.s3, Bucket, Key)).toBe(
      digest(Buffer.concat([first, Buffer.from('the tail')])),
    );
    const part = await aws.s3.send(new GetObjectCommand({ ...target, PartNumber: 7 }));
    expect(await part.Body?.transformToString()).toBe('the tail');
    await expect(aws.s3.send(complete)).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  test('from a range of an object', async () => {
    const { UploadId } = await aws.s3.send(new CreateMultipartUploadCommand(target));
    const content = bytesOf(5 * MIB + 9);
    await aws.s3.send(new PutObjectCommand({ Bucket, Key: 'large', Body: content }));
    const copy = (CopySourceRange: string, CopySource = `${Bucket}/large`) => {
      const part = { ...target, UploadId, PartNumber: 1, CopySource, CopySourceRange };
      return aws.s3.send(new UploadPartCopyCommand(part));
    };
    const { CopyPartResult } = await copy('bytes=3-70000');
    const Parts = [{ PartNumber: 1, ETag: CopyPartResult?.ETag }];
    const complete = { ...target, UploadId, MultipartUpload: { Parts } };
    await expect(copy('bytes=3-9999999')).rejects.toMatchObject({ name: 'InvalidArgument' });
    await expect(copy('3-4')).rejects.toMatchObject({ name: 'InvalidArgument' });
    const small = copy('bytes=0-1', `${Bucket}/tail`);
    await expect(small).rejects.toMatchObject({ name: 'InvalidRequest' });
    await aws.s3.send(new CompleteMultipartUploadCommand(complete));
    expect(await digestOf(aws.s3, Bucket, Key)).toBe(digest(content.subarray(3, 70_001)));
  });

  test('rejects parts that do not match', async () => {
    const { UploadId } = await aws.s3.send(new CreateMultipartUploadCommand(target));
    const upload = { ...target, UploadId };
    const part = (PartNumber: number, more: object = {}) =>
      aws.s3.send(new UploadPartCommand({ ...upload, PartNumber, Body: 'small', ...more }));
    const complete = (...Parts: { PartNumber: number; ETag: string | undefined }[]) =>
      aws.s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    const { ETag } = await part(1);
    await part(2);
    const events = aws.created.length;
    await expect(part(10_001)).rejects.toMatchObject({ name: 'InvalidArgument' });
    await expect(part(3, { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({
      name: 'BadDigest',
    });
    await expect(part(1, { Key: 'other' })).rejects.toMatchObject({ name: 'NoSuchUpload' });
    const [one, two, three] = [1, 2, 3].map((PartNumber) => ({ PartNumber, ETag }));
    if (!one || !two || !three) throw new Error('three parts');
    await expect(complete(three)).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete({ ...one, ETag: '"0"' })).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete(two, one)).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete(one, two)).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete()).rejects.toMatchObject({ name: 'MalformedXML' });
    expect(aws.created).toHaveLength(events);
  });

  test('accepts the checksum of the whole object, as the AWS CLI sends it', async () => {
    const algorithm = { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'FULL_OBJECT' } as const;
    const create = new CreateMultipartUploadCommand({ ...target, ...algorithm });
    const { UploadId } = await aws.s3.send(create);
    const upload = { ...target, UploadId };
    const ChecksumCRC64NVME = 'rosUhgp5mIg=';
    const part = { PartNumber: 1, ChecksumCRC64NVME };
    const { ETag } = await aws.s3.send(
      new UploadPartCommand({ ...upload, ...part, Body: '123456789' }),
    );
    const MultipartUpload = { Parts: [{ ...part, ETag }] };
    const whole = { ChecksumCRC64NVME, ChecksumType: 'FULL_OBJECT', MultipartUpload } as const;
    await aws.s3.send(new CompleteMultipartUploadCommand({ ...upload, ...whole }));
    expect(await digestOf(aws.s3, Bucket, Key)).toBe(digest(Buffer.from('123456789')));
  });

  test('can be aborted', async () => {
    const { UploadId } = await aws.s3.send(new CreateMultipartUploadCommand(target));
    aws.recorder.take();
    const abort = new AbortMultipartUploadCommand({ ...target, UploadId });
    await aws.s3.send(abort);
    await expect(aws.s3.send(abort)).rejects.toMatchObject({ name: 'NoSuchUpload' });
    expect(aws.recorder.take()).toEqual([
      `s3:AbortMultipartUpload ${arn} 204`,
      `s3:AbortMultipartUpload ${arn} 404`,
    ]);
  });
});
