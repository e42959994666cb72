/** Look-ups by the digests that S3 tells: what is asked, what is read, and what is believed. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { UploadMode } from '../../../../shared/schema/fields/upload-mode.ts';
import { submit as submitFile } from '../../../../shared/uploads/submit/submit-object.ts';
import { fault, json, type Reply, startUpstream } from '../../../support/upstream-server.ts';
import { clientAt, descriptor, rejection, within } from '../../virustotal/harness.ts';
import { BUCKET, head, object, s3At, s3Fault } from './harness.ts';

const CONTENT = 'some content of a file';
const EPOCH = 1_700_000_000;
const digest = (algorithm: string, content = CONTENT) =>
  createHash(algorithm).update(content).digest('hex');
const [MD5, SHA1, SHA256] = [digest('md5'), digest('sha1'), digest('sha256')];
const OTHER = digest('sha256', 'another content');

const md5Headers = { etag: `"${MD5}"` };
const sha256Headers = {
  'x-amz-checksum-sha256': Buffer.from(SHA256, 'hex').toString('base64'),
  'x-amz-checksum-type': 'FULL_OBJECT',
};
const unknown = fault(404, 'NotFoundError');
const running = fault(400, 'NotAvailableYet');

/** The report on a file, with or without its other digests. */
const report = (sha256: string, attributes: object = { md5: MD5, sha1: SHA1 }) =>
  json(200, {
    data: {
      type: 'file',
      id: sha256,
      attributes: { last_analysis_date: EPOCH, last_analysis_results: {}, ...attributes },
    },
  });

interface Scene {
  readonly s3: readonly Reply[];
  readonly virusTotal: readonly Reply[];
  readonly upload?: UploadMode;
  readonly sendingSince?: number;
}

/** Submits the object. @returns what was answered, and the requests to S3 and to VirusTotal */
async function submit({ s3: s3Replies, virusTotal: replies, ...scene }: Scene) {
  await using s3 = await startUpstream();
  await using virusTotal = await startUpstream();
  s3.script(...s3Replies);
  virusTotal.script(...replies);
  const services = {
    s3: s3At(s3.url),
    virusTotal: clientAt(virusTotal.url),
    now: () => EPOCH * 1000,
  };
  const address = { bucket: BUCKET, key: 'file' };
  const request = { address, upload: 'if-unknown' as const, maxReportAgeDays: 30, ...scene };
  const result = submitFile(services, request, within()).then(({ output }) => output);
  const output = await result.catch(() => undefined);
  return {
    output,
    error: output ? undefined : await rejection(result),
    read: s3.requests.map(({ method }) => method).join(' '),
    asked: virusTotal.requests.map(
      ({ method, path }) => `${method} ${path.replace('/api/v3', '')}`,
    ),
  };
}

const withMd5 = [head(CONTENT.length, md5Headers), object(CONTENT, md5Headers)];
const withSha256 = [head(CONTENT.length, sha256Headers), object(CONTENT)];

describe('by a SHA-256 that S3 has verified', () => {
  it('a known file is answered from its report, and not opened', async () => {
    const { output, read, asked } = await submit({ s3: withSha256, virusTotal: [report(SHA256)] });
    expect(output).toMatchObject({ md5: MD5, sha1: SHA1, sha256: SHA256, response_code: 1 });
    expect([read, asked]).toEqual(['HEAD', [`GET /files/${SHA256}`]]);
  });

  it('a known file whose report lacks a digest is read for it', async () => {
    const virusTotal = [report(SHA256, { md5: MD5 })];
    const { output, read } = await submit({ s3: withSha256, virusTotal });
    expect(output).toMatchObject({ sha1: SHA1, response_code: 1 });
    expect(read).toBe('HEAD GET');
  });

  it('an old report is renewed by that SHA-256, without the file', async () => {
    const old = report(SHA256, { md5: MD5, sha1: SHA1, last_analysis_date: EPOCH - 31 * 86_400 });
    const virusTotal = [old, json(200, descriptor)];
    const { read, asked } = await submit({ s3: withSha256, virusTotal });
    expect(read).toBe('HEAD');
    expect(asked).toEqual([`GET /files/${SHA256}`, `POST /files/${SHA256}/analyse`]);
  });

  it('a file that is not to be sent is still read for its other digests', async () => {
    const scene = { s3: withSha256, virusTotal: [unknown], upload: 'never' } as const;
    const { output, read, asked } = await submit(scene);
    expect(output).toMatchObject({ md5: MD5, sha1: SHA1, sha256: SHA256, response_code: 0 });
    expect([read, asked]).toEqual(['HEAD GET', [`GET /files/${SHA256}`]]);
  });
});

describe('by MD5', () => {
  it('an unknown file is sent with one reading', async () => {
    const virusTotal = [unknown, json(200, descriptor)];
    const { output, read, asked } = await submit({ s3: withMd5, virusTotal });
    expect(output).toMatchObject({ md5: MD5, sha1: SHA1, sha256: SHA256, response_code: 1 });
    expect([read, asked]).toEqual(['HEAD GET', [`GET /files/${MD5}`, 'POST /files']]);
  });

  it('a known file is believed once its SHA-256 is that of the report', async () => {
    const { output, read, asked } = await submit({ s3: withMd5, virusTotal: [report(SHA256)] });
    expect(output).toMatchObject({ sha256: SHA256, response_code: 1 });
    expect([read, asked]).toEqual(['HEAD GET', [`GET /files/${MD5}`]]);
  });

  it.each([
    ['is sent if it is unknown', unknown, 1, ['POST /files'], 'HEAD GET GET'],
    ['is answered from its own report if that is known', report(SHA256), 1, [], 'HEAD GET'],
    ['is not sent while its own analysis runs', running, -2, [], 'HEAD GET'],
  ])('a file with the MD5 of another %s', async (_, own, response_code, more, expected) => {
    const virusTotal = [report(OTHER), own, json(200, descriptor)];
    const { output, read, asked } = await submit({ s3: withMd5, virusTotal });
    expect(output).toMatchObject({ sha256: SHA256, response_code });
    expect(asked).toEqual([`GET /files/${MD5}`, `GET /files/${SHA256}`, ...more]);
    expect(read).toBe(expected);
  });

  it('a running analysis may be that of another file, so it is asked about by SHA-256', async () => {
    const { output, asked } = await submit({ s3: withMd5, virusTotal: [running, running] });
    expect(output).toMatchObject({ sha256: SHA256, response_code: -2 });
    expect(asked).toEqual([`GET /files/${MD5}`, `GET /files/${SHA256}`]);
  });

  it('an unknown file that is not to be sent is unknown', async () => {
    const scene = { s3: withMd5, virusTotal: [unknown], upload: 'never' } as const;
    const { output, asked } = await submit(scene);
    expect(output).toMatchObject({ sha256: SHA256, response_code: 0 });
    expect(asked).toEqual([`GET /files/${MD5}`]);
  });

  it('an ETag that proves to be no MD5 is not believed when it is unknown', async () => {
    const s3 = [head(CONTENT.length, { etag: `"${'0'.repeat(32)}"` }), object(CONTENT)];
    const scene = { s3, virusTotal: [unknown, report(SHA256)], upload: 'never' } as const;
    const { output, asked } = await submit(scene);
    expect(output).toMatchObject({ sha256: SHA256, response_code: 1 });
    expect(asked).toEqual([`GET /files/${'0'.repeat(32)}`, `GET /files/${SHA256}`]);
  });

  it('a file that may have been sent is in doubt while it is unknown, and not opened', async () => {
    const sendingSince = EPOCH * 1000 - 60_000;
    const { error, read } = await submit({ s3: withMd5, virusTotal: [unknown], sendingSince });
    expect(error?.name).toBe('InDoubtError');
    expect(read).toBe('HEAD');
  });
});

describe('an object that S3 does not describe', () => {
  it('is opened, so that the error has a name', async () => {
    const s3 = [s3Fault(403, 'AccessDenied')];
    const { error, read } = await submit({ s3, virusTotal: [unknown] });
    expect(error).toMatchObject({ name: 'ObjectAccessDeniedError' });
    expect(read).toBe('HEAD GET');
  });

  it('is looked up by what the opening says of it', async () => {
    const s3 = [s3Fault(403, 'AccessDenied'), object(CONTENT, md5Headers)];
    const virusTotal = [unknown, json(200, descriptor)];
    const { output, read, asked } = await submit({ s3, virusTotal });
    expect(output).toMatchObject({ response_code: 1, sha256: SHA256 });
    expect([read, asked]).toEqual(['HEAD GET', [`GET /files/${MD5}`, 'POST /files']]);
  });
});

it('an empty object is refused without being opened or asked about', async () => {
  const s3 = [head(0, { etag: '"d41d8cd98f00b204e9800998ecf8427e"' })];
  const { error, read, asked } = await submit({ s3, virusTotal: [unknown] });
  expect(error).toMatchObject({
    name: 'InvalidInputError',
    message: expect.stringContaining('empty'),
  });
  expect([read, asked]).toEqual(['HEAD', []]);
});

it('what is replaced between the look-up and the reading is not sent', async () => {
  const s3 = [head(CONTENT.length, md5Headers), s3Fault(412, 'PreconditionFailed')];
  const { error, asked } = await submit({ s3, virusTotal: [unknown] });
  expect(error?.message).toContain('changed while it was read');
  expect(asked).toEqual([`GET /files/${MD5}`]);
});
