import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  AbortMultipartUploadCommand,
  ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startLocalAws } from '../../support/local-aws.ts';

let aws: Awaited<ReturnType<typeof startLocalAws>>;
const Bucket = 'versioned';
const MIB = 2 ** 20;

beforeAll(async () => {
  aws = await startLocalAws();
});
beforeEach(() => {
  aws.recorder.take();
});
afterAll(() => aws.close());

/** Bytes that differ everywhere, so that a chunk out of place shows. */
function bytesOf(size: number): Buffer {
  const words = new Uint32Array(Math.ceil(size / 4)).map((_, at) => Math.imul(at, 2654435761));
  return Buffer.from(words.buffer, 0, size);
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function digestOf(Key: string): Promise<string> {
  const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket, Key }));
  return digest((await Body?.transformToByteArray()) ?? Buffer.alloc(0));
}

/** A stream in chunks that fit nothing. */
function streamOf(bytes: Buffer): Readable {
  const chunks = Array.from({ length: Math.ceil(bytes.length / 70_001) }, (_, at) =>
    bytes.subarray(at * 70_001, (at + 1) * 70_001),
  );
  return Readable.from(chunks, { objectMode: false });
}

describe('streams with a checksum in the trailer are byte-exact', () => {
  test.each(Object.values(ChecksumAlgorithm).filter((name) => /^(CRC32|SHA1|SHA256)$/.test(name)))(
    '%s',
    async (ChecksumAlgorithm) => {
      for (const size of [1, 65_536, 3 * MIB + 17]) {
        const bytes = bytesOf(size);
        const put = { Bucket, Key: 'streamed', Body: streamOf(bytes), ContentLength: size };
        await aws.s3.send(new PutObjectCommand({ ...put, ChecksumAlgorithm }));
        expect(await digestOf('streamed')).toBe(digest(bytes));
      }
    },
  );

  test('and keep their content encoding', async () => {
    const put = { Bucket, Key: 'encoded', Body: streamOf(bytesOf(10)), ContentLength: 10 };
    await aws.s3.send(new PutObjectCommand({ ...put, ContentEncoding: 'gzip' }));
    const got = await aws.s3.send(new GetObjectCommand({ Bucket, Key: 'encoded' }));
    expect(got).toMatchObject({ ContentEncoding: 'gzip', ContentLength: 10 });
  });

  test('and the checksum comes back with the object', async () => {
    const put = { Bucket, Key: 'summed', Body: 'hello', ChecksumAlgorithm: 'SHA256' } as const;
    const { ChecksumSHA256 } = await aws.s3.send(new PutObjectCommand(put));
    const get = new GetObjectCommand({ Bucket, Key: 'summed', ChecksumMode: 'ENABLED' });
    expect(await aws.s3.send(get)).toMatchObject({ ChecksumSHA256, ChecksumType: 'FULL_OBJECT' });
  });
});

describe('what came wrong is refused, and not stored', () => {
  const refused = async (input: object, name = 'BadDigest') => {
    const put = new PutObjectCommand({ Bucket, Key: 'refused', Body: '123456789', ...input });
    await expect(aws.s3.send(put)).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: 400 },
    });
    await expect(digestOf('refused')).rejects.toMatchObject({ name: 'NoSuchKey' });
  };

  test('checksums and MD5', async () => {
    await refused({ ChecksumCRC32: 'AAAAAA==' });
    await refused({ ChecksumCRC32C: 'AAAAAA==' });
    await refused({ ChecksumCRC64NVME: 'AAAAAAAAAAA=' });
    await refused({ ChecksumSHA1: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' });
    await refused({ ChecksumSHA256: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' });
    await refused({ ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' });
  });

  test('right ones are not', async () => {
    // The check values of the CRC catalogue (https://reveng.sourceforge.io/crc-catalogue/).
    const right = {
      ChecksumCRC32: 'y/Q5Jg==',
      ChecksumCRC32C: '4waSgw==',
      ChecksumCRC64NVME: 'rosUhgp5mIg=',
      ChecksumSHA1: '98O8HYCOBHMq32eZZczDTKeuNEE=',
      ContentMD5: 'JfnnlDI7RTiF9RgfG2JNCw==',
    };
    for (const [name, value] of Object.entries(right)) {
      const put = { Bucket, Key: 'right', Body: '123456789', [name]: value };
      await aws.s3.send(new PutObjectCommand(put));
    }
  });

  /** Sends a PUT as it is, and breaks it off if told to. @returns status and code, or what failed */
  async function raw(
    headers: Record<string, string>,
    body: string,
    isCut = false,
  ): Promise<string> {
    const authorization = 'AWS4-HMAC-SHA256 Credential=Someone/20260101/us-east-1/s3/aws4_request';
    const sent = request(`${aws.url}/${Bucket}/refused`, {
      method: 'PUT',
      headers: { authorization, ...headers },
    });
    if (isCut) {
      sent.write(body);
      setTimeout(() => sent.destroy(), 50);
      return await new Promise((resolve) => sent.on('error', ({ message }) => resolve(message)));
    }
    sent.end(body);
    const [response] = await once(sent, 'response');
    const answer = await text(response);
    return `${response.statusCode} ${/<Code>(.*)<\/Code>/.exec(answer)?.[1]}`;
  }

  const chunked = {
    'content-encoding': 'aws-chunked',
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': '5',
    'x-amz-trailer': 'x-amz-checksum-crc32',
  };

  test('trailers', async () => {
    const body = '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n';
    expect(await raw(chunked, body)).toBe('400 BadDigest');
    expect(await raw(chunked, '5\r\nhello\r\n0\r\n\r\n')).toBe('400 BadDigest');
    await refused({ ChecksumCRC32: 'AAAAAA==' });
  });

  test('bodies that are too short, too long, or not of their encoding', async () => {
    expect(await raw(chunked, '3\r\nhel\r\n0\r\n\r\n')).toBe('400 IncompleteBody');
    expect(await raw(chunked, '6\r\nhello!\r\n0\r\n\r\n')).toBe('400 IncompleteBody');
    expect(await raw(chunked, '5\r\nhello\r\n')).toBe('400 IncompleteBody');
    expect(await raw(chunked, 'zz\r\nhello\r\n')).toBe('400 InvalidRequest');
    expect(await raw({ 'transfer-encoding': 'chunked' }, 'hello')).toBe('411 MissingContentLength');
    expect(
      await raw({ 'content-length': '5', constructor: 'x', 'content-md5': 'x' }, 'hello'),
    ).toBe('400 BadDigest');
    expect(await raw({ 'x-amz-content-sha256': '0'.repeat(64) }, 'hello')).toBe(
      '400 XAmzContentSHA256Mismatch',
    );
  });

  test('an upload that breaks off', async () => {
    expect(await raw({ 'content-length': '1000' }, 'hello', true)).toBe('socket hang up');
    await expect(digestOf('refused')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

test('takes signed chunks', async () => {
  const signature = ';chunk-signature=0123';
  const body = `3${signature}\r\nabc\r\n2${signature}\r\n\r\n\r\n0${signature}\r\n\r\n`;
  const answer = await fetch(`${aws.url}/${Bucket}/signed-chunks`, {
    method: 'PUT',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=Someone/20260101/us-east-1/s3/aws4_request',
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'x-amz-decoded-content-length': '5',
    },
    body,
  });
  expect(answer.status).toBe(200);
  expect(await digestOf('signed-chunks')).toBe(digest(Buffer.from('abc\r\n')));
});

test('takes 70 MiB in one request', { timeout: 60_000 }, async () => {
  const bytes = bytesOf(70 * MIB);
  await aws.s3.send(new PutObjectCommand({ Bucket, Key: 'large', Body: bytes }));
  expect(await digestOf('large')).toBe(digest(bytes));
});

describe('multipart', () => {
  const Key = 'a b+c/é.bin';
  const arn = `arn:aws:s3:::versioned/${Key}`;
  const target = { Bucket, Key };

  test('by lib-storage, from a stream of unknown length', { timeout: 60_000 }, async () => {
    const bytes = bytesOf(12 * MIB + 3);
    const params = { ...target, Body: streamOf(bytes), ContentType: 'x/y', Tagging: 'a=b' };
    const upload = new Upload({ client: aws.s3, params, partSize: 5 * MIB });
    const done = await upload.done();
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    expect(await digestOf(Key)).toBe(digest(bytes));
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

  test('by hand, with a part that is copied, read part by part', { timeout: 60_000 }, async () => {
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
    expect(await digestOf(Key)).toBe(digest(Buffer.concat([first, Buffer.from('the tail')])));
    const part = await aws.s3.send(new GetObjectCommand({ ...target, PartNumber: 7 }));
    expect(await part.Body?.transformToString()).toBe('the tail');
    await expect(aws.s3.send(complete)).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  test('refuses what does not fit together', async () => {
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

  test('takes the checksum of a whole object, as the AWS CLI sends it', async () => {
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
    expect(await digestOf(Key)).toBe(digest(Buffer.from('123456789')));
  });

  test('is forgotten when it is aborted', async () => {
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

test('events of one key ascend, and say when, by the clock that was given', async () => {
  const slow = await startLocalAws(() => 1_000_000);
  try {
    for (const Body of ['1', '2', '3']) {
      await slow.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body }));
    }
    const sequencers = slow.created.map(({ sequencer }) => sequencer);
    expect(sequencers.toSorted()).toEqual(sequencers);
    expect(new Set(sequencers).size).toBe(3);
    expect(slow.created[0]).toMatchObject({ sourceIp: '127.0.0.1', time: new Date(1_000_000) });
    const got = await slow.s3.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    expect(got.LastModified).toEqual(new Date(1_000_000));
  } finally {
    await slow.close();
  }
});

test('a client without checksums of its own is served too', async () => {
  const plain = new S3Client({ ...aws.options, requestChecksumCalculation: 'WHEN_REQUIRED' });
  await plain.send(new PutObjectCommand({ Bucket, Key: 'bare', Body: 'x' }));
  expect(await digestOf('bare')).toBe(digest(Buffer.from('x')));
  plain.destroy();
});
