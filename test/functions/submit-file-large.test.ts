/** `submit_sample` of a file that is too large for an HTTP call: who submits it, and what the caller gets. */
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { httpApiEvent, restApiEvent } from '../support/events.ts';
import { BUCKET, startFunction } from '../support/functions.ts';
import { json, type Reply, reset, stall, startUpstream } from '../support/upstream-server.ts';

const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:Connector-SubmitFile';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LIMIT = 1_000;

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A function, its S3 with a small and a large object, and a server that plays Step Functions. */
async function start(environment: Readonly<Record<string, string>> = {}) {
  const stepFunctions = await startUpstream();
  onTestFinished(() => stepFunctions[Symbol.asyncDispose]());
  stepFunctions.script(json(200, { executionArn: 'arn', startDate: 1 }));
  const running = await startFunction('submit_sample', {
    environment: {
      AWS_ENDPOINT_URL_SFN: stepFunctions.url,
      SUBMIT_FILE_STATE_MACHINE_ARN: MACHINE,
      HTTP_SUBMISSION_MAX_BYTES: String(LIMIT),
      ...environment,
    },
  });
  await running.engines.put(BUCKET, 'small', Buffer.alloc(LIMIT, 's'));
  await running.engines.put(BUCKET, 'large', Buffer.alloc(LIMIT + 1, 'l'));
  const started = () =>
    stepFunctions.requests.map(({ headers, body }) => {
      expect(headers['x-amz-target']).toBe('AWSStepFunctions.StartExecution');
      return JSON.parse(body.toString());
    });
  return { ...running, stepFunctions, started };
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Started = Awaited<ReturnType<typeof start>>;

async function post(
  { invoke }: Pick<Started, 'invoke'>,
  input: object,
  { make = restApiEvent, leftMs }: { make?: typeof restApiEvent; leftMs?: number } = {},
) {
  const body = JSON.stringify(input);
  const answer = await invoke(make({ method: 'POST', route: '/files', body }), leftMs);
  const { statusCode, headers, body: text } = answer as Answer;
  return { statusCode, headers, json: JSON.parse(text) };
}

describe('over HTTP', () => {
  it.each([
    ['payload 1.0', restApiEvent, '/v1'],
    // The default stage of an HTTP API has no path.
    ['payload 2.0', httpApiEvent, ''],
  ])('%s: a large file is handed over, and nothing of it is sent', async (_, make, base) => {
    const running = await start();
    const { statusCode, headers, json: body } = await post(running, { key: 'large' }, { make });
    const [{ name, stateMachineArn, input }] = running.started();
    expect(statusCode).toBe(202);
    expect(name).toMatch(UUID);
    expect(headers.location).toBe(`${base}/submissions/${name}`);
    expect(headers['content-type']).toBe('application/json');
    expect(body).toMatchObject({ response_code: -2, sha256: null, submission_id: name });
    expect(stateMachineArn).toBe(MACHINE);
    expect(JSON.parse(input)).toEqual({
      bucket: BUCKET,
      key: 'large',
      maxReportAgeDays: 30,
    });
    expect(running.asked()).toEqual([]);
    expect(running.engines.s3Requests.filter(({ method }) => method === 'GET')).toEqual([]);
  });

  it('sends a file of exactly the limit within the call', async () => {
    const running = await start();
    expect(await post(running, { key: 'small' })).toMatchObject({
      statusCode: 200,
      json: { response_code: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(running.started()).toEqual([]);
    expect(running.asked()).toEqual(['POST /files']);
  });

  it('passes on the settings of the call and the configuration', async () => {
    const running = await start({ VIRUSTOTAL_UPLOAD: 'if-unknown' });
    await post(running, { key: 'large', maxReportAgeDays: 3 });
    await post(running, { bucket: BUCKET, key: 'large', upload: 'never' });
    expect(running.started().map(({ input }) => JSON.parse(input))).toEqual([
      { bucket: BUCKET, key: 'large', maxReportAgeDays: 3 },
      { bucket: BUCKET, key: 'large', upload: 'never', maxReportAgeDays: 30 },
    ]);
  });

  it('is not handed over if no playbook is configured', async () => {
    const running = await start({ SUBMIT_FILE_STATE_MACHINE_ARN: '' });
    expect(await post(running, { key: 'large' })).toMatchObject({ statusCode: 200 });
    expect(running.started()).toEqual([]);
  });

  it('retries the start with the same name, so that there is one execution', async () => {
    const running = await start();
    const passing = json(500, { __type: 'InternalServerException', message: 'no' });
    running.stepFunctions.script(passing, json(200, { executionArn: 'arn', startDate: 1 }));
    expect(await post(running, { key: 'large' })).toMatchObject({ statusCode: 202 });
    const names = running.started().map(({ name }) => name);
    expect(names).toEqual([names[0], names[0]]);
  });

  const refusal = (code: string, status = 400) =>
    json(status, { __type: code, message: `${MACHINE} is not told` });
  const failures: readonly (readonly [string, Reply, string, number])[] = [
    ['ThrottlingException', refusal('ThrottlingException'), 'UpstreamUnavailableError', 503],
    ['ExecutionLimitExceeded', refusal('ExecutionLimitExceeded'), 'UpstreamUnavailableError', 503],
    ['a 500', refusal('InternalServerException', 500), 'UpstreamUnavailableError', 503],
    ['a broken connection', reset, 'UpstreamUnavailableError', 503],
    ['StateMachineDoesNotExist', refusal('StateMachineDoesNotExist'), 'UpstreamError', 502],
    ['AccessDeniedException', refusal('AccessDeniedException'), 'UpstreamError', 502],
  ];
  it.each(failures)(
    '%s: a named error instead of 202',
    async (_, reply, name, status) => {
      const running = await start();
      running.stepFunctions.script(reply);
      const { statusCode, json: body, headers } = await post(running, { key: 'large' });
      expect(body.error).toEqual({
        name,
        message: expect.stringMatching(/^could not start the playbook \(\w+\)/),
        requestId: expect.any(String),
      });
      expect(statusCode).toBe(status);
      expect(headers.location).toBeUndefined();
      expect(running.asked()).toEqual([]);
    },
    20_000,
  );

  it('no answer from Step Functions: a timeout', async () => {
    const running = await start();
    running.stepFunctions.script(stall);
    const answer = await post(running, { key: 'large' }, { leftMs: 2_000 });
    expect(answer).toMatchObject({
      statusCode: 504,
      json: { error: { name: 'UpstreamTimeoutError' } },
    });
  });
});

it('a direct invocation submits a file of any size itself', async () => {
  const running = await start();
  expect(await running.invoke({ key: 'large' })).toMatchObject({ response_code: 1 });
  expect(running.started()).toEqual([]);
  expect(running.asked()).toEqual(['POST /files']);
});
