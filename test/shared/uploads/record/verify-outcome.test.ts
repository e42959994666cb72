/** What `record-verdict` believes, and what it refuses. */
import { describe, expect, it } from 'vitest';
import { summaryOf } from '../../../../shared/uploads/record/decide.ts';
import {
  type RecordVerdictInput,
  recordVerdictInput,
} from '../../../../shared/uploads/record/ended-execution.ts';
import {
  type ScanExecution,
  verifyOutcome,
} from '../../../../shared/uploads/record/verify-outcome.ts';
import { call, requestOf } from './harness.ts';

const executionPrefix = 'arn:aws:states:us-east-1:000000000000:execution:PlaybooksScanUpload-';
const arn = `${executionPrefix}ABC:one`;
const event = {
  source: 'aws.s3',
  detail: { object: { key: 'k', size: 1 }, bucket: { name: 'b' } },
};
/** The same event with its fields in another order, as JSON may be written. */
const input =
  '{"detail": {"bucket":{"name":"b"},"object":{"size":1.0,"key":"k"}}, "source":"aws.s3"}';
const running: ScanExecution = {
  status: 'RUNNING',
  input,
  redriveCount: 0,
  error: null,
  cause: null,
};
const failed = { ...running, status: 'FAILED', error: 'States.Runtime', cause: 'a path' };

/** Verifies against an execution, undefined: Step Functions shows none. @returns result, and what was looked up */
async function verify(request: RecordVerdictInput, execution: ScanExecution | undefined) {
  const lookedUp: string[] = [];
  const services = {
    executionPrefix,
    async describeScan(name: string) {
      lookedUp.push(name);
      return execution;
    },
  };
  const result = await verifyOutcome(services, request, call()).catch((error: Error) => error);
  return { result, lookedUp };
}

const outcome = requestOf({ event, execution: arn });
const ended = (detail: object = {}) =>
  recordVerdictInput.parse({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: { executionArn: arn, status: 'FAILED', input, redriveCount: 0, ...detail },
  });

describe('an outcome from the playbook', () => {
  it('is recorded while the execution with that event is running', async () => {
    expect(await verify(outcome, running)).toEqual({ result: outcome, lookedUp: [arn] });
    // Redriven, because its outcome could not be recorded.
    expect((await verify(outcome, { ...running, redriveCount: 3 })).result).toBe(outcome);
  });

  it.each(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'])(
    'is refused when the execution is %s',
    async (status) => {
      expect((await verify(outcome, { ...running, status })).result).toMatchObject({
        name: 'InvalidInputError',
        message: `execution: got "one", which is ${status}; allowed: one that is RUNNING`,
      });
    },
  );

  it.each([
    ['another key', { ...event, detail: { ...event.detail, object: { key: 'other', size: 1 } } }],
    ['a field more', { ...event, id: '1' }],
    ['no event', null],
    ['nothing', undefined],
    ['its text', input],
  ])('is refused when its event is %s', async (_, other) => {
    const { result } = await verify(requestOf({ event: other, execution: arn }), running);
    expect(result).toMatchObject({
      name: 'InvalidInputError',
      message: expect.stringMatching(/^event: got another than the input of the execution "one";/),
    });
  });
});

describe('an execution that ended', () => {
  it('is recorded as Step Functions describes it', async () => {
    const { result } = await verify(ended({ error: 'Forged', cause: 'forged' }), failed);
    expect(result).toEqual({
      event,
      outcome: 'failed',
      reason: null,
      scan_id: null,
      receipt: null,
      report: null,
      error: { name: 'States.Runtime', message: 'a path' },
      execution: arn,
    });
    expect(summaryOf(requestOf({ ...Object(result) }))).toMatchObject({ verdict: 'unknown' });
  });

  it.each(['TIMED_OUT', 'ABORTED'])(
    'without an error is named by its status: %s',
    async (status) => {
      const execution = { ...running, status };
      expect((await verify(ended({ status }), execution)).result).toMatchObject({
        error: { name: status, message: `the execution ended as ${status}` },
      });
    },
  );

  it('whose event has no room for its input is recorded all the same', async () => {
    expect((await verify(ended({ input: null }), failed)).result).toMatchObject({ event });
  });

  it.each(['RUNNING', 'SUCCEEDED', 'ABORTED'])('is refused when it is %s', async (status) => {
    expect((await verify(ended(), { ...failed, status })).result).toMatchObject({
      name: 'InvalidInputError',
      message: `execution: got "one", which is ${status}; allowed: one that is FAILED`,
    });
  });

  it.each(['{}', '{', 'null'])('is refused when its input was another: %s', async (other) => {
    expect((await verify(ended({ input: other }), failed)).result).toMatchObject({
      name: 'InvalidInputError',
    });
  });

  it.each(['RUNNING', 'SUCCEEDED', 'FAILED'])(
    'and was redriven since, and is %s, is left to itself',
    async (status) => {
      const { result } = await verify(ended(), { ...failed, status, redriveCount: 1 });
      expect(result).toBeNull();
      const again = await verify(ended({ redriveCount: 1 }), { ...failed, redriveCount: 1 });
      expect(again.result).toMatchObject({ outcome: 'failed' });
    },
  );
});

describe.each([
  ['an outcome', (execution: string) => requestOf({ event, execution })],
  ['an end', (executionArn: string) => ended({ executionArn })],
])('%s of an execution', (_, requestFor) => {
  it.each([
    'x',
    '',
    'arn:aws:states:us-east-1:000000000000:execution:PlaybooksSubmitFile-ABC:one',
    'arn:aws:states:us-east-1:111111111111:execution:PlaybooksScanUpload-ABC:one',
    'arn:aws:states:us-west-2:000000000000:execution:PlaybooksScanUpload-ABC:one',
  ])('of something else is refused before anything is looked up: %j', async (other) => {
    const { result, lookedUp } = await verify(requestFor(other), running);
    expect(result).toMatchObject({
      name: 'InvalidInputError',
      message: expect.stringContaining('allowed: the ARN of an execution of ScanUpload'),
    });
    expect(lookedUp).toEqual([]);
  });

  it('that Step Functions does not show can be retried', async () => {
    expect((await verify(requestFor(arn), undefined)).result).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: expect.stringContaining('does not show "one", or not yet'),
    });
  });
});
