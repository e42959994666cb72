/** `submission`: maps an execution of the playbook `SubmitFile` to the status of the submission. */
import * as z from 'zod/mini';
import { type ErrorName, errorTable } from '../../errors.ts';
import { parseJson } from '../../schema/parse-json.ts';
import { toDate } from '../common/output-values.ts';
import { type SubmitFileOutput, submitFileOutput } from '../submit-file/output.ts';
import type { SubmissionError, SubmissionStatus } from './output.ts';

/** An execution of a state machine. */
export interface Execution {
  /** `RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED` or `PENDING_REDRIVE`. */
  readonly status: string;
  /** Epoch seconds. */
  readonly startedAt: number | null;
  /** Epoch seconds; null while it is running. */
  readonly stoppedAt: number | null;
  /** JSON text; null unless it succeeded. */
  readonly output: string | null;
  /** Name of the error that ended it. */
  readonly error: string | null;
  readonly cause: string | null;
}

/** Longest message of an error that is not one of the connector's, characters. */
const MAX_FOREIGN_MESSAGE = 1_000;

/** Output of the playbook when it ends with an error. */
const errorOutput = z.object({ error: z.object({ name: z.string(), message: z.string() }) });
/** Cause of a failed Lambda task; the rest is a stack trace, which is not for callers. */
const lambdaCause = z.object({ errorMessage: z.string() });

/**
 * Returns the status of a submission that was started a moment ago.
 *
 * @param startedAt - epoch seconds
 */
export function startedSubmission(id: string, startedAt: number): SubmissionStatus {
  const start_date = toDate(startedAt);
  return { id, status: 'running', start_date, end_date: null, output: null, error: null };
}

/**
 * Returns the status of a submission.
 *
 * @param id - id of the submission
 * @param execution - its execution
 */
export function toSubmissionStatus(id: string, execution: Execution): SubmissionStatus {
  const { status, startedAt, stoppedAt } = execution;
  const dates = { id, start_date: toDate(startedAt), end_date: toDate(stoppedAt) };
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') {
    return { ...dates, status: 'running', output: null, error: null };
  }
  const result = resultOf(execution);
  if ('sha256' in result) return { ...dates, status: 'succeeded', output: result, error: null };
  return { ...dates, status: 'failed', output: null, error: toSubmissionError(id, result) };
}

interface Failure {
  readonly name: string;
  readonly message: string;
}

function resultOf({ status, output, error, cause }: Execution): SubmitFileOutput | Failure {
  if (status !== 'SUCCEEDED') {
    const message = cause ?? `the execution ended as ${status}`;
    return { name: error ?? status, message: withoutTrace(message) };
  }
  const value = output === null ? null : parseJson(output);
  // Executions that an earlier release has ended do not say whether they repeat another.
  const receipt = submitFileOutput.safeParse({ repeated: false, ...Object(value) });
  if (receipt.success) return receipt.data;
  const failure = errorOutput.safeParse(value);
  if (failure.success) {
    const { name, message } = failure.data.error;
    return { name, message: withoutTrace(message) };
  }
  return { name: 'InternalError', message: 'the playbook ended with an unexpected output' };
}

function withoutTrace(cause: string): string {
  const parsed = lambdaCause.safeParse(parseJson(cause));
  return parsed.success ? parsed.data.errorMessage : cause;
}

function toSubmissionError(id: string, failure: Failure): SubmissionError {
  const name = connectorName(failure.name);
  const message =
    name === failure.name
      ? failure.message
      : `${failure.name}: ${failure.message}`.slice(0, MAX_FOREIGN_MESSAGE);
  const seconds = name === 'QuotaExceededError' && /retryAfterSeconds=([0-9]+)$/.exec(message)?.[1];
  return {
    name,
    message,
    requestId: id,
    status: name === 'InternalError' ? 500 : errorTable[name].status,
    retryAfterSeconds: seconds ? Number(seconds) : null,
  };
}

/** Returns the connector's name for an error of Step Functions or Lambda. */
function connectorName(name: string): ErrorName | 'InternalError' {
  if (isErrorName(name)) return name;
  if (/time(?:d_?)?out$/i.test(name)) return 'UpstreamTimeoutError';
  return /^Lambda\.\w+Exception$/.test(name) ? 'UpstreamUnavailableError' : 'InternalError';
}

function isErrorName(name: string): name is ErrorName {
  return Object.hasOwn(errorTable, name);
}
