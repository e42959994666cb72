import {
  ChecksumAlgorithm,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, digest, digestOf, streamOf } from '../../support/content.ts';
import { startLocalAws } from '../../support/local-aws.ts';

let aws: Awaited<ReturnType<typeof startLocalAws>>;
const Bucket = 'versioned';

beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

const MIB = 2 ** 20;

describe('streams with a checksum in the trailer', () => {
  test.each(Object.values(ChecksumAlgorithm).filter((name) => /^(CRC32|SHA1|SHA256)$/.test(name)))(
    'are stored byte for byte: %s',
    async (ChecksumAlgorithm) => {
      for (const size of [1, 65_536, 3 * MIB + 17]) {
        const bytes = bytesOf(size);
        const put = { Bucket, Key: 'streamed', Body: streamOf(bytes), ContentLength: size };
        await aws.s3.send(new PutObjectCommand({ ...put, ChecksumAlgorithm }));
        expect(await digestOf(aws.s3, Bucket, 'streamed')).toBe(digest(bytes));
      }
    },
  );

  test('keep their content encoding', async () => {
    const put = { Bucket, Key: 'encoded', Body: streamOf(bytesOf(10)), ContentLength: 10 };
    await aws.s3.send(new PutObjectCommand({ ...put, ContentEncoding: 'gzip' }));
    const got = await aws.s3.send(new GetObjectCommand({ Bucket, Key: 'encoded' }));
    expect(got).toMatchObject({ ContentEncoding: 'gzip', ContentLength: 10 });
  });

  test('return the checksum with the object', async () => {
    const put = { Bucket, Key: 'summed', Body: 'hello', ChecksumAlgorithm: 'SHA256' } as const;
    const { ChecksumSHA256 } = await aws.s3.send(new PutObjectCommand(put));
    const get = new GetObjectCommand({ Bucket, Key: 'summed', ChecksumMode: 'ENABLED' });
    expect(await aws.s3.send(get)).toMatchObject({ ChecksumSHA256, ChecksumType: 'FULL_OBJECT' });
  });
});

test('accepts signed chunks', async () => {
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
  expect(await digestOf(aws.s3, Bucket, 'signed-chunks')).toBe(digest(Buffer.from('abc\r\n')));
});

test('accepts 70 MiB in one request', { timeout: 60_000 }, async () => {
  const bytes = bytesOf(70 * MIB);
  await aws.s3.send(new PutObjectCommand({ Bucket, Key: 'large', Body: bytes }));
  expect(await digestOf(aws.s3, Bucket, 'large')).toBe(digest(bytes));
});

test('emits ascending events for one key, timed by the given clock', async () => {
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

test('accepts uploads without checksums', async () => {
  const plain = new S3Client({ ...aws.options, requestChecksumCalculation: 'WHEN_REQUIRED' });
  await plain.send(new PutObjectCommand({ Bucket, Key: 'bare', Body: 'x' }));
  expect(await digestOf(aws.s3, Bucket, 'bare')).toBe(digest(Buffer.from('x')));
  plain.destroy();
});
