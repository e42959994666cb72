/** `submission`: from an execution of the playbook `SubmitFile` to what its caller is told. */
import * as z from 'zod/mini';
import { type ErrorName, errorTable } from '../../errors.ts';
import { toDate } from '../common/dates.ts';
import { type SubmitFileOutput, submitFileOutput } from '../submit-file/output.ts';
import type { SubmissionError, SubmissionOutput } from './output.ts';

/** What is known of an execution. */
export interface Execution {
  /** Step Functions' word: `RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED`, `PENDING_REDRIVE`. */
  readonly status: string;
  /** Epoch seconds. */
  readonly startedAt: number | null;
  /** Epoch seconds; null while it runs. */
  readonly stoppedAt: number | null;
  /** JSON text; null unless it succeeded. */
  readonly output: string | null;
  /** Name of the error that it ended with. */
  readonly error: string | null;
  readonly cause: string | null;
}

/** Longest text that is told of an error that is not ours, characters. */
const MAX_FOREIGN_TEXT = 1_000;

/** The playbook ends with an error as with an outcome. */
const errorOutcome = z.object({ error: z.object({ name: z.string(), message: z.string() }) });
/** What Lambda says of a failed task. */
const lambdaCause = z.object({ errorMessage: z.string() });

/**
 * What a caller is told.
 *
 * @param id - of the submission
 * @param execution - as Step Functions describes it
 */
export function submissionFound(id: string, execution: Execution): SubmissionOutput {
  const { status, startedAt, stoppedAt } = execution;
  const known = { id, start_date: toDate(startedAt), end_date: toDate(stoppedAt) };
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') {
    return { ...known, status: 'running', output: null, error: null };
  }
  const ended = endOf(execution);
  if ('sha256' in ended) return { ...known, status: 'succeeded', output: ended, error: null };
  return { ...known, status: 'failed', output: null, error: errorOf(id, ended) };
}

interface Failure {
  readonly name: string;
  readonly message: string;
}

function endOf({ status, output, error, cause }: Execution): SubmitFileOutput | Failure {
  if (status !== 'SUCCEEDED') {
    const message = cause ?? `the execution ended as ${status}`;
    return { name: error ?? status, message: messageOf(message) };
  }
  const value = parsed(output);
  const receipt = submitFileOutput.safeParse(value);
  if (receipt.success) return receipt.data;
  const outcome = errorOutcome.safeParse(value);
  if (outcome.success) {
    const { name, message } = outcome.data.error;
    return { name, message: messageOf(message) };
  }
  return { name: 'InternalError', message: 'the playbook ended with an output of unknown form' };
}

/** What Lambda says of a failure is JSON with a stack trace, which is nobody's business. */
function messageOf(text: string): string {
  const told = lambdaCause.safeParse(parsed(text));
  return told.success ? told.data.errorMessage : text;
}

function errorOf(id: string, failure: Failure): SubmissionError {
  const name = ownName(failure.name);
  const message =
    name === failure.name
      ? failure.message
      : `${failure.name}: ${failure.message}`.slice(0, MAX_FOREIGN_TEXT);
  const seconds = name === 'QuotaExceededError' && /retryAfterSeconds=([0-9]+)$/.exec(message)?.[1];
  return {
    name,
    message,
    requestId: id,
    status: name === 'InternalError' ? 500 : errorTable[name].status,
    retryAfterSeconds: seconds ? Number(seconds) : null,
  };
}

/** Our name for an error; Step Functions and Lambda have names of their own. */
function ownName(name: string): ErrorName | 'InternalError' {
  if (isOurs(name)) return name;
  if (/time(?:d_?)?out$/i.test(name)) return 'UpstreamTimeoutError';
  return /^Lambda\.\w+Exception$/.test(name) ? 'UpstreamUnavailableError' : 'InternalError';
}

function isOurs(name: string): name is ErrorName {
  return Object.hasOwn(errorTable, name);
}

function parsed(json: string | null): unknown {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    return null;
  }
}
