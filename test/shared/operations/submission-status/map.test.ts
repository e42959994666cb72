/** Maps executions of the playbook to the status of a submission. */
import { describe, expect, it } from 'vitest';
import { type ErrorName, errorTable } from '../../../../shared/errors.ts';
import {
  type Execution,
  toSubmissionStatus,
} from '../../../../shared/operations/submission-status/map.ts';
import { submissionStatusOutput } from '../../../../shared/operations/submission-status/output.ts';
import { submitFileAcceptedOutput } from '../../../../shared/operations/submit-file/accepted-output.ts';
import { submitFileAccepted } from '../../../../shared/operations/submit-file/map.ts';
import { submitFileOutput } from '../../../../shared/operations/submit-file/output.ts';

const ID = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const RECEIPT = {
  repeated: false,
  resource: 'c'.repeat(64),
  response_code: 1,
  verbose_msg: 'queued',
  permalink: null,
  md5: 'a'.repeat(32),
  sha1: 'b'.repeat(40),
  sha256: 'c'.repeat(64),
  scan_id: `${'c'.repeat(64)}-1700000000`,
} as const;

const execution = (changes: Partial<Execution>): Execution => ({
  status: 'SUCCEEDED',
  startedAt: 1_700_000_000,
  stoppedAt: 1_700_000_061,
  output: null,
  error: null,
  cause: null,
  ...changes,
});

function statusOf(changes: Partial<Execution>) {
  const output = toSubmissionStatus(ID, execution(changes));
  expect(submissionStatusOutput.safeParse(output)).toEqual({ success: true, data: output });
  return output;
}

const outcome = (name: string, message: string) =>
  statusOf({ output: JSON.stringify({ error: { name, message } }) });

describe('toSubmissionStatus', () => {
  it.each(['Error', 'Runtime.ExitError', 'Sandbox.Timedout'])(
    'caught %s: the message within what Lambda says of it, and no stack trace',
    (name) => {
      const said = { errorType: name, errorMessage: 'it ended', trace: ['at /var/task/index.mjs'] };
      const { error } = outcome(name, JSON.stringify(said));
      expect(error?.message).toBe(`${name}: it ended`);
    },
  );

  it.each(['RUNNING', 'PENDING_REDRIVE'])('%s: it is running, without a result', (status) => {
    expect(statusOf({ status, stoppedAt: null })).toEqual({
      id: ID,
      status: 'running',
      start_date: '2023-11-14 22:13:20',
      end_date: null,
      output: null,
      error: null,
    });
  });

  it.each([
    ['an output', RECEIPT],
    ['an output of an earlier release', { ...RECEIPT, repeated: undefined }],
  ])('SUCCEEDED with %s: returns that output', (_, output) => {
    expect(statusOf({ output: JSON.stringify(output) })).toEqual({
      id: ID,
      status: 'succeeded',
      start_date: '2023-11-14 22:13:20',
      end_date: '2023-11-14 22:14:21',
      output: RECEIPT,
      error: null,
    });
  });

  it.each(Object.keys(errorTable) as ErrorName[])(
    'SUCCEEDED with the outcome %s: failed, with its status',
    (name) => {
      const { status } = errorTable[name];
      expect(outcome(name, 'words')).toMatchObject({
        status: 'failed',
        output: null,
        error: { name, message: 'words', requestId: ID, status, retryAfterSeconds: null },
      });
    },
  );

  it('tells how long to wait for a quota', () => {
    expect(outcome('QuotaExceededError', 'spent. retryAfterSeconds=90').error).toMatchObject({
      message: 'spent. retryAfterSeconds=90',
      status: 429,
      retryAfterSeconds: 90,
    });
  });

  it.each([
    ['States.Timeout', 'UpstreamTimeoutError', 504],
    ['Sandbox.Timedout', 'UpstreamTimeoutError', 504],
    ['Lambda.TooManyRequestsException', 'UpstreamUnavailableError', 503],
    ['Lambda.Unknown', 'InternalError', 500],
    ['States.DataLimitExceeded', 'InternalError', 500],
    ['toString', 'InternalError', 500],
  ])('translates the error %s to %s', (foreign, name, status) => {
    expect(outcome(foreign, 'words').error).toMatchObject({
      name,
      status,
      message: `${foreign}: words`,
    });
  });

  it('keeps an InternalError and its message', () => {
    expect(outcome('InternalError', 'internal error; the log has the cause').error).toMatchObject({
      name: 'InternalError',
      message: 'internal error; the log has the cause',
      status: 500,
    });
  });

  it("FAILED with Lambda's cause: returns the message without the stack trace", () => {
    const cause = JSON.stringify({ errorType: 'UpstreamError', errorMessage: 'm', trace: ['t'] });
    expect(statusOf({ status: 'FAILED', error: 'UpstreamError', cause }).error).toEqual({
      name: 'UpstreamError',
      message: 'm',
      requestId: ID,
      status: 502,
      retryAfterSeconds: null,
    });
  });

  it.each([
    ['TIMED_OUT', 'UpstreamTimeoutError', 'TIMED_OUT: the execution ended as TIMED_OUT'],
    ['ABORTED', 'InternalError', 'ABORTED: the execution ended as ABORTED'],
    ['FAILED', 'InternalError', 'FAILED: the execution ended as FAILED'],
  ])('%s without details: failed, as %s', (status, name, message) => {
    expect(statusOf({ status })).toMatchObject({ status: 'failed', error: { name, message } });
  });

  it('shortens the messages of other errors', () => {
    const { error } = statusOf({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'x'.repeat(9_000),
    });
    expect(error?.message).toHaveLength(1_000);
  });

  it.each([null, '', '{', 'null', '[]', '{"error":"x"}', '{"sha256":"x"}'])(
    'SUCCEEDED with %j: failed by a defect',
    (output) => {
      expect(statusOf({ output })).toMatchObject({
        status: 'failed',
        error: { name: 'InternalError', status: 500 },
      });
    },
  );
});

describe('submitFileAccepted', () => {
  it('has every field of the output, null where unknown, and says where to poll', () => {
    const accepted = submitFileAccepted(ID);
    expect(submitFileAcceptedOutput.safeParse(accepted)).toEqual({ success: true, data: accepted });
    expect(Object.keys(accepted)).toEqual(
      expect.arrayContaining(Object.keys(submitFileOutput.shape)),
    );
    const { response_code, verbose_msg, submission_id, repeated, ...unknown } = accepted;
    expect(repeated).toBe(false);
    expect(response_code).toBe(-2);
    expect(verbose_msg).toContain(`GET /submissions/${ID}`);
    expect(submission_id).toBe(ID);
    expect(Object.values(unknown)).toEqual(Object.values(unknown).map(() => null));
  });
});
