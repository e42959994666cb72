/** `submission` in the test's process: its requests to Step Functions, and its answers. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSubmissionId } from '../../shared/operations/submission-status/submission-id.ts';
import { rejection } from '../shared/virustotal/harness.ts';
import { loadFunction, setEnvironment } from '../support/environment.ts';
import { httpApiEvent, restApiEvent } from '../support/events.ts';
import { lambdaContext } from '../support/lambda-context.ts';
import { json, type Reply, stall, startUpstream } from '../support/upstream-server.ts';

const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:Connector-SubmitFile';
const EXECUTION = 'arn:aws:states:us-east-1:123456789012:execution:Connector-SubmitFile';
const ID = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const loadStatus = () =>
  loadFunction<typeof import('../../functions/submission-status.ts')>('submission-status');

async function start(...replies: Reply[]) {
  const stepFunctions = await startUpstream();
  onTestFinished(() => stepFunctions[Symbol.asyncDispose]());
  stepFunctions.script(...replies);
  const environment = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SFN: stepFunctions.url,
    SUBMIT_FILE_STATE_MACHINE_ARN: MACHINE,
  };
  onTestFinished(setEnvironment(environment));
  const { handler } = await loadStatus();
  return {
    stepFunctions,
    invoke: (event: unknown, leftMs?: number) => handler(event, lambdaContext(leftMs)),
  };
}

const get = (id: string) => ({ method: 'GET', route: '/submissions/{id}', path: { id } }) as const;
const running = json(200, { executionArn: 'arn', status: 'RUNNING', startDate: 1_700_000_000.5 });
const refusal = (code: string, status = 400) => json(status, { __type: code, message: 'no' });

describe('submission', () => {
  it('looks up the execution with that name, in this state machine only', async () => {
    const { invoke, stepFunctions } = await start(running);
    const expected = { id: ID, status: 'running', start_date: '2023-11-14 22:13:20' };
    expect(await invoke({ id: ID })).toMatchObject(expected);
    for (const make of [restApiEvent, httpApiEvent]) {
      const answer = await invoke(make(get(ID)));
      expect(answer).toMatchObject({ statusCode: 200, body: expect.stringContaining('"running"') });
    }
    const asked = stepFunctions.requests.map(({ body }) => JSON.parse(body.toString()));
    expect(asked).toEqual(Array(3).fill({ executionArn: `${EXECUTION}:${ID}` }));
  });

  it('fails with ObjectNotFoundError for an unknown id', async () => {
    const { invoke } = await start(refusal('ExecutionDoesNotExist'));
    expect((await rejection(invoke({ id: ID }))).name).toBe('ObjectNotFoundError');
    expect(await invoke(restApiEvent(get(ID)))).toMatchObject({
      statusCode: 404,
      body: expect.stringContaining(`"message":"id: there is no submission ${ID}; `),
    });
  });

  describe('that Step Functions does not show', () => {
    const missing = refusal('ExecutionDoesNotExist');
    const idOf = (ageMs: number) => createSubmissionId(Date.now() - ageMs, randomUUID());

    it('is looked up again, and found', async () => {
      const { invoke, stepFunctions } = await start(missing, missing, running);
      expect(await invoke({ id: idOf(1_000) })).toMatchObject({
        start_date: '2023-11-14 22:13:20',
      });
      expect(stepFunctions.requests).toHaveLength(3);
    });

    it('is running while its id is young', async () => {
      const { invoke, stepFunctions } = await start(missing);
      const id = idOf(30_000);
      expect(await invoke({ id })).toMatchObject({ id, status: 'running', end_date: null });
      expect(stepFunctions.requests).toHaveLength(4);
    });

    it('is running at once when the call has no time for another look', async () => {
      const { invoke, stepFunctions } = await start(missing);
      expect(await invoke({ id: idOf(0) }, 1_500)).toMatchObject({ status: 'running' });
      expect(stepFunctions.requests).toHaveLength(1);
    });

    it.each([
      ['of a minute ago', () => idOf(61_000)],
      ['of the future', () => idOf(-600_000)],
    ])('is unknown after one look, with an id %s', async (_, makeId) => {
      const { invoke, stepFunctions } = await start(missing);
      const error = await rejection(invoke({ id: makeId() }));
      expect(error.name).toBe('ObjectNotFoundError');
      expect(stepFunctions.requests).toHaveLength(1);
    });
  });

  it.each([ID.toUpperCase(), `${ID}:x`, `${ID}\n`, '', 'x', '*'])(
    'rejects the id %j without a call to AWS',
    async (id) => {
      const { invoke, stepFunctions } = await start(running);
      const error = await rejection(invoke({ id }));
      expect(error.name).toBe('InvalidInputError');
      expect(error.message).toMatch(/^id: got /);
      expect(await invoke(restApiEvent(get(id)))).toMatchObject({ statusCode: 400 });
      expect(stepFunctions.requests).toEqual([]);
    },
  );

  it.each([
    ['ThrottlingException', refusal('ThrottlingException'), 503],
    ['a 500', refusal('InternalServerException', 500), 503],
    ['AccessDeniedException', refusal('AccessDeniedException'), 502],
  ])(
    '%s: a named error',
    async (_, reply, statusCode) => {
      const { invoke } = await start(reply);
      const answer = await invoke(restApiEvent(get(ID)));
      expect(answer).toMatchObject({
        statusCode,
        body: expect.stringContaining('could not look up the submission ('),
      });
    },
    20_000,
  );

  it('no answer: a timeout', async () => {
    const { invoke } = await start(stall);
    expect(await invoke(restApiEvent(get(ID)), 1_500)).toMatchObject({ statusCode: 504 });
  });

  it('does not start without its state machine', async () => {
    onTestFinished(setEnvironment({ SUBMIT_FILE_STATE_MACHINE_ARN: '' }));
    await expect(loadStatus()).rejects.toThrow(
      'bad environment: SUBMIT_FILE_STATE_MACHINE_ARN is not set',
    );
  });
});
