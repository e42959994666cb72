import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf } from '../../support/content.ts';
import { startLocalAws } from '../../support/local-aws.ts';

let aws: Awaited<ReturnType<typeof startLocalAws>>;
const Bucket = 'versioned';

beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

describe('defective uploads are rejected and not stored', () => {
  const refused = async (input: object, name = 'BadDigest') => {
    const put = new PutObjectCommand({ Bucket, Key: 'refused', Body: '123456789', ...input });
    await expect(aws.s3.send(put)).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: 400 },
    });
    await expect(digestOf(aws.s3, Bucket, 'refused')).rejects.toMatchObject({ name: 'NoSuchKey' });
  };

  test('wrong checksums and MD5', async () => {
    await refused({ ChecksumCRC32: 'AAAAAA==' });
    await refused({ ChecksumCRC32C: 'AAAAAA==' });
    await refused({ ChecksumCRC64NVME: 'AAAAAAAAAAA=' });
    await refused({ ChecksumSHA1: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' });
    await refused({ ChecksumSHA256: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' });
    await refused({ ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' });
  });

  test('correct checksums are accepted', async () => {
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

  /** Sends a PUT unchanged, and cuts the connection if `isCut`. @returns status and code, or the error */
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

  test('wrong checksums in trailers', async () => {
    const body = '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n';
    expect(await raw(chunked, body)).toBe('400 BadDigest');
    expect(await raw(chunked, '5\r\nhello\r\n0\r\n\r\n')).toBe('400 BadDigest');
    await refused({ ChecksumCRC32: 'AAAAAA==' });
  });

  test('bodies that are too short, too long or badly encoded', async () => {
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

  test('an interrupted upload', async () => {
    expect(await raw({ 'content-length': '1000' }, 'hello', true)).toBe('socket hang up');
    await expect(digestOf(aws.s3, Bucket, 'refused')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});
