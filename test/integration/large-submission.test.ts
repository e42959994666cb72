/** A file that is too large for an HTTP call, from `POST /files` to its output, with the deployed bundles. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod/mini';
import { fileReputation, submissionStatus, submitFile } from '../../shared/operations/catalogue.ts';
import { submissionStatusOutput } from '../../shared/operations/submission-status/output.ts';
import { submitFileAcceptedOutput } from '../../shared/operations/submit-file/accepted-output.ts';
import { directly, fetchAnswer, overHttp } from '../support/call-operation.ts';
import { expectDocumented, expectOutput } from '../support/documented.ts';
import { expectError } from '../support/expect-error.ts';
import { STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';

const LIMIT = 100_000;
const TIMEOUT_MS = 120_000;
const POLL_MS = 200;
const content = Buffer.alloc(LIMIT + 1, 'a large file ');
const sha256 = createHash('sha256').update(content).digest('hex');

let running: TestStack;

beforeAll(async () => {
  running = await startTestStack({
    speed: 20,
    environment: { HTTP_SUBMISSION_MAX_BYTES: String(LIMIT) },
  });
}, STARTUP_MS);
afterAll(() => running?.close());

/** Posts the object. @returns the path where its output will be */
async function post(input: Readonly<Record<string, unknown>>): Promise<string> {
  const { http } = await overHttp(running, submitFile, input);
  if (!http) throw new Error('the answer did not come over HTTP');
  expect(http.status).toBe(202);
  expectDocumented(submitFile, http);
  const { submission_id: id } = submitFileAcceptedOutput.parse(http.body);
  expect(http.headers.location).toBe(`/v1/submissions/${id}`);
  return `/submissions/${id}`;
}

/** Asks until it has ended. */
async function ended(location: string): Promise<z.infer<typeof submissionStatusOutput>> {
  for (;;) {
    const { http } = await fetchAnswer(`${running.apiUrl}${location}`, { method: 'GET' });
    if (!http) throw new Error('the answer did not come over HTTP');
    expect(http.status).toBe(200);
    expectDocumented(submissionStatus, http);
    expectOutput(submissionStatus, http.body);
    const output = submissionStatusOutput.parse(http.body);
    if (output.status !== 'running') return output;
    await sleep(POLL_MS);
  }
}

const uploads = () => running.simulator.requests.filter(({ method }) => method === 'POST').length;

describe('a large file over HTTP', () => {
  it(
    'is submitted after the answer, and its scan_id leads to its report',
    async () => {
      await running.put('large.bin', content);
      const before = uploads();
      const { status, output, error } = await ended(await post({ key: 'large.bin' }));
      expect({ status, error }).toEqual({ status: 'succeeded', error: null });
      expect(output).toMatchObject({ sha256, resource: sha256, response_code: 1 });
      expect(output?.scan_id).toMatch(new RegExp(`^${sha256}-[0-9]{10}$`));
      expect(uploads() - before).toBe(1);
      const { output: report } = await overHttp(running, fileReputation, {
        scan_id: output?.scan_id,
      });
      expect(report).toMatchObject({ resource: output?.scan_id });
    },
    TIMEOUT_MS,
  );

  it(
    'is the version that was there when it was posted',
    async () => {
      const versionId = await running.put('versioned.bin', content);
      const location = await post({ key: 'versioned.bin' });
      await running.put('versioned.bin', 'replaced');
      expect(await ended(location)).toMatchObject({ status: 'succeeded', output: { sha256 } });
      const later = await ended(await post({ key: 'versioned.bin', versionId }));
      expect(later.output?.sha256).toBe(sha256);
    },
    TIMEOUT_MS,
  );

  it(
    'that VirusTotal refuses ends in the named error that POST /files would have answered',
    async () => {
      await running.put('refused.bin', content);
      running.simulator.fault({
        kind: 'answer',
        status: 403,
        code: 'ForbiddenError',
        match: { method: 'POST', path: '/files' },
      });
      const location = await post({ key: 'refused.bin' });
      expect(await ended(location)).toMatchObject({
        status: 'failed',
        output: null,
        end_date: expect.any(String),
        error: {
          name: 'ForbiddenByVirusTotalError',
          message: expect.stringMatching(/HTTP 403, ForbiddenError/),
          requestId: location.replace('/submissions/', ''),
          status: 502,
          retryAfterSeconds: null,
        },
      });
    },
    TIMEOUT_MS,
  );

  it(
    'waits for the quota, and then succeeds',
    async () => {
      await running.put('patient.bin', content);
      running.simulator.fault({ kind: 'quota-exceeded', retryAfter: 5 });
      expect(await ended(await post({ key: 'patient.bin' }))).toMatchObject({
        status: 'succeeded',
        output: { sha256 },
      });
    },
    TIMEOUT_MS,
  );

  it('is sent at once when it is invoked directly, and when it is not larger than the limit', async () => {
    await running.put('at-once.bin', content);
    await running.put('limit.bin', content.subarray(0, LIMIT));
    const direct = await directly(running, submitFile, { key: 'at-once.bin' });
    expect(direct).toEqual({ output: expect.objectContaining({ sha256, response_code: 1 }) });
    const { http } = await overHttp(running, submitFile, { key: 'limit.bin' });
    expect(http).toMatchObject({ status: 200, body: { response_code: 1 } });
  });
});

it('an unknown id is a named error, in each way of calling', async () => {
  await expectError(running, {
    operation: submissionStatus,
    input: { id: '00000000-0000-4000-8000-000000000000' },
    name: 'ObjectNotFoundError',
    message: /^id: there is no submission 00000000-0000-4000-8000-000000000000; /,
  });
});
