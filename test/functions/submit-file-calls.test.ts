/** Repeated calls of submit_sample: when a call gets the answer of an earlier one, and when it submits again. */
import { randomUUID } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { eicarBytes } from '@local/virustotal';
import { describe, expect, it } from 'vitest';
import { collidingFiles } from '../support/colliding-files.ts';
import { httpApiEvent, restApiEvent } from '../support/events.ts';
import { BUCKET, eventOf, startSubmitFile } from '../support/submit-file.ts';

const fresh = () => `fresh ${randomUUID()}`;
const input = { bucket: BUCKET, key: 'file' };
const known = { simulator: { queuedMs: 0, inProgressMs: 0 } };

const overHttp = (body: object) => {
  const request = { method: 'POST', route: '/files', body: JSON.stringify(body) } as const;
  return [restApiEvent(request), httpApiEvent(request)] as const;
};
const bodyOf = (answer: unknown) => JSON.parse(String(Reflect.get(Object(answer), 'body')));

describe('a call that repeats another within 15 minutes', () => {
  it('gets its answer, in every way of calling, and says so', async () => {
    const { invoke, put, uploads, simulator } = await startSubmitFile();
    await put('file', fresh());
    const first = await invoke(input);
    expect(first).toMatchObject({ response_code: 1, repeated: false });
    const repeated = { ...Object(first), repeated: true };
    expect(await invoke(input)).toEqual(repeated);
    for (const event of overHttp(input)) {
      const answer = await invoke(event);
      expect(answer).toMatchObject({ statusCode: 200 });
      expect(bodyOf(answer)).toEqual(repeated);
    }
    expect(await invoke({ ...input, upload: 'if-unknown' })).toEqual(repeated);
    expect(uploads()).toBe(1);
    expect(simulator.requests).toHaveLength(1);
  });

  it.each([1, 2])('over HTTP gets the answer of the first one, too (%s)', async (payload) => {
    const { invoke, put, uploads } = await startSubmitFile();
    await put('file', fresh());
    const call = () => invoke(overHttp(input)[payload - 1]);
    const first = bodyOf(await call());
    expect(first).toMatchObject({ response_code: 1, repeated: false });
    expect(bodyOf(await call())).toEqual({ ...first, repeated: true });
    expect(uploads()).toBe(1);
  });

  it('submits again if it says upload: "always" itself, and leaves that answer to the next', async () => {
    const { invoke, put, uploads } = await startSubmitFile();
    await put('file', fresh());
    await invoke(input);
    const second = await invoke({ ...input, upload: 'always' });
    expect(second).toMatchObject({ repeated: false });
    expect(uploads()).toBe(2);
    expect(await invoke(input)).toEqual({ ...Object(second), repeated: true });
    expect(uploads()).toBe(2);
  });

  it('does not count as "always" what only the configuration says', async () => {
    const environment = { VIRUSTOTAL_UPLOAD: 'always' };
    const { invoke, put, uploads } = await startSubmitFile({ environment });
    await put('file', fresh());
    await invoke(input);
    expect(await invoke(input)).toMatchObject({ repeated: true });
    expect(uploads()).toBe(1);
  });

  it('asks VirusTotal with upload: "never", which submits nothing', async () => {
    const { invoke, put, simulator } = await startSubmitFile(known);
    await put('file', fresh());
    await invoke(input);
    const answer = await invoke({ ...input, upload: 'never' });
    expect(answer).toMatchObject({ response_code: 1, repeated: false });
    expect(answer).toHaveProperty('verbose_msg', 'Scan finished, information embedded');
    expect(simulator.requests).toHaveLength(2);
  });

  it('submits what was not submitted before: a report is no submission', async () => {
    const { invoke, put, uploads } = await startSubmitFile();
    await put('file', eicarBytes());
    await invoke({ ...input, upload: 'if-unknown' });
    expect(uploads()).toBe(0);
    expect(await invoke(input)).toMatchObject({ repeated: false, response_code: 1 });
    expect(uploads()).toBe(1);
  });

  it('at the same moment waits for the first one', async () => {
    const { invoke, put, uploads } = await startSubmitFile();
    await put('file', fresh());
    const answers = await Promise.all(Array.from({ length: 5 }, () => invoke(input)));
    const repeated = answers.filter((answer) => Object(answer).repeated === true);
    expect(repeated).toHaveLength(4);
    expect(new Set(answers.map((answer) => Object(answer).scan_id)).size).toBe(1);
    expect(uploads()).toBe(1);
  });

  it('with other content under the same key submits that', async () => {
    const { invoke, put, uploads } = await startSubmitFile();
    await put('file', fresh());
    await invoke(input);
    await put('file', fresh());
    expect(await invoke(input)).toMatchObject({ repeated: false });
    expect(uploads()).toBe(2);
  });
});

it('an event of another upload with the same ETag is no duplicate, because two files can have one MD5', async () => {
  const { invoke, put, engines, simulator } = await startSubmitFile(known);
  const [clean, forged] = collidingFiles();
  const first = await put('file', clean);
  expect(await invoke(eventOf(first))).toMatchObject({ outcome: 'submitted' });
  await engines.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'file', Body: forged }));
  const second = eventOf({ ...first, sequencer: '0055AED6DCD90281FF' });
  expect(await invoke(second)).toMatchObject({ outcome: 'submitted' });
  const sent = simulator.requests.flatMap(({ file }) => file ?? []);
  expect(new Set(sent.map(({ sha256 }) => sha256)).size).toBe(2);
});

describe('a call whose answer was lost', () => {
  const lost = { kind: 'reset', at: 'during-answer', match: { method: 'POST' } } as const;

  it('is looked up by the next one before anything is sent', async () => {
    const { invoke, put, simulator, uploads } = await startSubmitFile(known);
    await put('file', fresh());
    simulator.fault(lost);
    await expect(invoke(input)).rejects.toMatchObject({ name: 'UpstreamUnavailableError' });
    expect(await invoke(input)).toMatchObject({ response_code: 1 });
    expect(uploads()).toBe(1);
  });

  it('is an error while VirusTotal does not show the file, unless the next one insists', async () => {
    const { invoke, put, simulator, uploads } = await startSubmitFile();
    await put('file', fresh());
    simulator.fault(lost);
    await expect(invoke(input)).rejects.toMatchObject({ name: 'UpstreamUnavailableError' });
    await expect(invoke(input)).rejects.toMatchObject({
      name: 'UpstreamUnavailableError',
      message: expect.stringContaining('VirusTotal does not show it yet'),
    });
    expect(uploads()).toBe(1);
    expect(await invoke({ ...input, upload: 'always' })).toMatchObject({ response_code: 1 });
    expect(uploads()).toBe(2);
  });
});

describe('a call that was refused', () => {
  it('is no submission: the next one sends the file', async () => {
    const { invoke, put, simulator, table, uploads } = await startSubmitFile();
    await put('file', fresh());
    simulator.fault({ kind: 'quota-exceeded', retryAfter: 60, match: { method: 'POST' } });
    await expect(invoke(input)).rejects.toMatchObject({ name: 'QuotaExceededError' });
    await table.forgetQuota();
    expect(await invoke(input)).toMatchObject({ response_code: 1, repeated: false });
    expect(uploads()).toBe(2);
  });
});
