/** What S3 says of an object, and which digests of it are believed. */
import { describe, expect, it } from 'vitest';
import { describeStored, toStored } from '../../../../shared/aws/s3/stored-object.ts';
import { bytes, reset, stall, startUpstream } from '../../../support/upstream-server.ts';
import { BUCKET, head, s3At } from '../../uploads/submit/harness.ts';
import { rejection, within } from '../../virustotal/harness.ts';

const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';
const SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const BASE64 = Buffer.from(SHA256, 'hex').toString('base64');

async function described(
  headers: Readonly<Record<string, string>>,
  bucket = BUCKET,
  etag?: string,
) {
  await using server = await startUpstream();
  server.script(head(21, headers));
  const stored = await describeStored(s3At(server.url), { bucket, key: 'a b' }, within(), etag);
  return { stored, request: server.requests[0] };
}

describe('an object', () => {
  it('is described by a HEAD that asks for its checksum, with its version', async () => {
    const modified = 'Sat, 28 Nov 2026 10:00:00 GMT';
    const { stored, request } = await described({
      etag: '"one"',
      'x-amz-version-id': 'v1',
      'last-modified': modified,
    });
    expect(stored).toEqual({
      address: { bucket: BUCKET, key: 'a b', versionId: 'v1' },
      size: 21,
      etag: '"one"',
      modified: Date.parse(modified),
      sha256: null,
      md5: null,
    });
    expect(request).toMatchObject({ method: 'HEAD', path: `/${BUCKET}/a%20b` });
    expect(request?.headers['x-amz-checksum-mode']).toBe('ENABLED');
  });

  it.each([
    ['HTTP 403', bytes(403, '')],
    ['HTTP 412', bytes(412, '')],
    ['a broken connection', reset],
  ])('that S3 does not describe, with %s, has to be opened to learn why', async (_, reply) => {
    await using server = await startUpstream();
    server.script(reply);
    const address = { bucket: BUCKET, key: 'a' };
    expect(await describeStored(s3At(server.url), address, within())).toBeNull();
  });

  it('that another store describes although its ETag differs has to be opened too', async () => {
    expect((await described({ etag: '"two"' }, BUCKET, '"one"')).stored).toBeNull();
    expect((await described({ etag: '"one"' }, BUCKET, '"one"')).stored).not.toBeNull();
  });

  it('that S3 does not describe in time is a named error', async () => {
    await using server = await startUpstream();
    server.script(stall);
    const address = { bucket: BUCKET, key: 'a' };
    const error = await rejection(describeStored(s3At(server.url), address, within(100)));
    expect(error.name).toBe('UpstreamTimeoutError');
  });
});

describe('its SHA-256', () => {
  const type = 'x-amz-checksum-type';

  it('is that of the whole object', async () => {
    const { stored } = await described({
      'x-amz-checksum-sha256': BASE64,
      [type]: 'FULL_OBJECT',
    });
    expect(stored?.sha256).toBe(SHA256);
  });

  it.each([
    ['composed of parts', { 'x-amz-checksum-sha256': `${BASE64}-2`, [type]: 'COMPOSITE' }],
    ['of one part', { 'x-amz-checksum-sha256': BASE64, [type]: 'COMPOSITE' }],
    ['of an unknown type', { 'x-amz-checksum-sha256': BASE64 }],
    ['malformed', { 'x-amz-checksum-sha256': BASE64.slice(4), [type]: 'FULL_OBJECT' }],
    ['another algorithm', { 'x-amz-checksum-crc32': 'AAAAAA==', [type]: 'FULL_OBJECT' }],
  ])('is not one that is %s', async (_, headers: Record<string, string>) => {
    expect((await described(headers)).stored?.sha256).toBeNull();
  });
});

describe('its MD5', () => {
  const encryption = 'x-amz-server-side-encryption';

  it.each<Record<string, string>>([{}, { [encryption]: 'AES256' }])(
    'is its ETag: %j',
    async (headers) => {
      expect((await described({ etag: `"${MD5}"`, ...headers })).stored?.md5).toBe(MD5);
    },
  );

  it.each([
    ['an upload in parts', { etag: `"${MD5}-2"` }],
    ['a key of KMS', { [encryption]: 'aws:kms' }],
    ['two keys of KMS', { [encryption]: 'aws:kms:dsse' }],
    ['a file system', { [encryption]: 'aws:fsx' }],
    ["a customer's key", { 'x-amz-server-side-encryption-customer-algorithm': 'AES256' }],
    ['an ETag that is no digest', { etag: '"one"' }],
  ])('is not known with %s', async (_, headers: Record<string, string>) => {
    expect((await described({ etag: `"${MD5}"`, ...headers })).stored?.md5).toBeNull();
  });

  it('is not known in a directory bucket', () => {
    const answer = { $metadata: {}, ContentLength: 1, ETag: `"${MD5}"` };
    expect(toStored({ bucket: 'files', key: 'a' }, answer)?.md5).toBe(MD5);
    expect(toStored({ bucket: 'files--use1-az4--x-s3', key: 'a' }, answer)?.md5).toBeNull();
  });
});
