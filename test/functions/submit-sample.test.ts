/** `submit_sample` called directly and over HTTP: which object it submits and how, and what it refuses. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rejection } from '../shared/virustotal/harness.ts';
import { httpApiEvent } from '../support/events.ts';
import { BUCKET, startFunction } from '../support/functions.ts';

const CONTENT = 'simulated clean file\n';
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');
const MD5 = createHash('md5').update(CONTENT).digest('hex');

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function start(environment: Readonly<Record<string, string>> = {}) {
  const running = await startFunction('submit_sample', { environment });
  await running.engines.put(BUCKET, 'a+b c.txt', CONTENT);
  return running;
}

describe('submit_sample', () => {
  it('sends the file from the bucket of the stack, under a neutral name', async () => {
    const { invoke, simulator, asked } = await start();
    expect(await invoke({ key: 'a+b c.txt' })).toMatchObject({ sha256: SHA256, response_code: 1 });
    expect(asked()).toEqual(['POST /files']);
    expect(simulator.requests[0]?.file).toEqual({
      name: 'sample',
      size: CONTENT.length,
      sha256: SHA256,
    });
  });

  it.each([
    ['the call', { upload: 'if-unknown' }, {}],
    ['the environment', {}, { VIRUSTOTAL_UPLOAD: 'if-unknown' }],
    ['the call before the environment', { upload: 'never' }, { VIRUSTOTAL_UPLOAD: 'always' }],
  ])('does not send a known file when %s says so', async (_, input, environment) => {
    const { invoke, asked } = await start(environment);
    expect(await invoke({ key: 'a+b c.txt', ...input })).toMatchObject({ response_code: 1 });
    expect(asked()).toEqual([`GET /files/${MD5}`]);
  });

  it.each([
    [{ maxReportAgeDays: 0 }, {}],
    [{}, { VIRUSTOTAL_MAX_REPORT_AGE_DAYS: '0' }],
  ])('requests a new analysis of a report from yesterday: %j, %j', async (input, environment) => {
    const { invoke, asked } = await start(environment);
    await invoke({ key: 'a+b c.txt', upload: 'if-unknown', ...input });
    expect(asked()).toEqual([`GET /files/${MD5}`, `POST /files/${SHA256}/analyse`]);
  });

  it.each([
    ['a missing key', { key: 'missing' }, 'NoSuchKey'],
    ['a missing bucket', { bucket: 'no-such-bucket', key: 'a' }, 'NoSuchBucket'],
  ])('reports a missing object for %s, over HTTP with 404', async (_, input, code) => {
    const { invoke, asked } = await start();
    const { bucket = BUCKET, key } = { bucket: BUCKET, ...input };
    const message = `s3://${bucket}/${key} does not exist (${code})`;
    expect(await rejection(invoke(input))).toMatchObject({ name: 'ObjectNotFoundError', message });
    const body = JSON.stringify(input);
    expect(await invoke(httpApiEvent({ method: 'POST', route: '/files', body }))).toMatchObject({
      statusCode: 404,
      body: expect.stringContaining('"name":"ObjectNotFoundError"'),
    });
    expect(asked()).toEqual([]);
  });

  it('requires a bucket if none is configured', async () => {
    const { invoke, asked } = await start({ UPLOAD_BUCKET: '' });
    expect(await rejection(invoke({ key: 'a' }))).toMatchObject({
      name: 'InvalidInputError',
      message: 'bucket: got nothing; required, because no upload bucket is configured',
    });
    expect(asked()).toEqual([]);
  });

  it.each([
    { bucket: 'UPPER', key: 'a' },
    { bucket: '../secrets', key: 'a' },
    { bucket: 'a..b', key: 'a' },
    { bucket: null, key: 'a' },
    { key: '../a' },
    { key: 'a/../../b' },
    { key: 'a', versionId: 'a b' },
    { key: 'a', versionId: '' },
    { key: 'a', upload: 'sometimes' },
    { key: 'a', upload: true },
    { key: 'a', maxReportAgeDays: -1 },
    { key: 'a', maxReportAgeDays: '30' },
  ])('refuses %j and names the field, without a request', async (input) => {
    const { invoke, asked, engines } = await start();
    const before = engines.s3Requests.length;
    const error = await rejection(invoke(input));
    expect(error.name).toBe('InvalidInputError');
    const [field] = Object.keys(input).filter((name) => name !== 'key' || !('a' === input.key));
    expect(error.message).toMatch(new RegExp(`^${field}: got `));
    expect(asked()).toEqual([]);
    expect(engines.s3Requests).toHaveLength(before);
  });
});
