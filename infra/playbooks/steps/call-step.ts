/** A Lambda call as every playbook makes it: with retries, quota waits and named errors. */
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  type IChainable,
  JitterType,
  Pass,
  TaskInput,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { errorTable } from '../../../shared/errors.ts';

/** Retries while VirusTotal or S3 cannot be reached. */
export interface Patience {
  /** Retries after the first attempt. */
  readonly attempts: number;
  /** Longest delay between two attempts. */
  readonly longestPause: Duration;
}

/** Props of a call. */
export interface CallStepProps {
  readonly lambda: IFunction;
  /** Path of the function's input in the state's data. @default - all of it */
  readonly inputPath?: string;
  /** Fields of the function's input; those that end in `.$` are paths. @default - the state's input */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Path for the function's output. */
  readonly resultPath: string;
  /** @default - 4 retries, at most a minute apart */
  readonly patience?: Patience;
  /**
   * Whether to retry after the function crashed or timed out. It may have stopped at any point, so its work must
   * be idempotent. @default false
   */
  readonly retriesCrash?: boolean;
  /**
   * Number of quota waits before the error counts; 0 for a call that sends nothing to VirusTotal.
   * @default - unlimited
   */
  readonly quotaWaits?: number;
  /** Path for a caught error. Choose one that replaces data which may reach the data limit. @default '$.error' */
  readonly errorPath?: string;
  /** Next state after an error, with `$.error` as `{ name, cause: { errorMessage } }`. */
  readonly onError: IChainable;
}

/** Initial `quota` of a playbook's data, in which calls count their quota waits. */
export const noQuotaYet = { extra: 0 } as const;

/** Each quota wait is this many seconds longer than the last, so that callers spread out. */
const EXTRA_SECONDS = 5;

const names = Object.entries(errorTable);
/** Errors that a retry may resolve. Quota errors have their own wait. */
const retryable = names
  .filter(([name, { retryable: may }]) => may && name !== 'QuotaExceededError')
  .map(([name]) => name);
/** Errors that the functions throw, whose Cause is Lambda's JSON. */
const thrown = [...names.map(([name]) => name), 'InternalError'].filter(
  (name) => name !== 'QuotaExceededError',
);
/** Errors of the Lambda service (https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html). */
const busy = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

/**
 * Errors of a function that was killed, ran out of memory or timed out.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
const crashed = ['Runtime.ExitError', 'Runtime.OutOfMemory', 'Sandbox.Timedout', 'Lambda.Unknown'];

/**
 * Creates the states of a call.
 *
 * @param name - of the task, and prefix of the names of the other states
 * @returns the task; continue with its `next`
 */
export function callStep(scope: Construct, name: string, props: CallStepProps): LambdaInvoke {
  const { patience = { attempts: 4, longestPause: Duration.minutes(1) } } = props;
  const { errorPath: resultPath = '$.error' } = props;
  const task = new LambdaInvoke(scope, name, {
    lambdaFunction: props.lambda,
    payloadResponseOnly: true,
    inputPath: props.inputPath,
    payload: props.payload && TaskInput.fromObject(props.payload),
    resultPath: props.resultPath,
    retryOnServiceExceptions: false,
  });
  const retry = { interval: Duration.seconds(2), backoffRate: 2, jitterStrategy: JitterType.FULL };
  task.addRetry({
    ...retry,
    errors: retryable,
    maxAttempts: patience.attempts,
    maxDelay: patience.longestPause,
  });
  task.addRetry({ ...retry, errors: busy, maxAttempts: 10, maxDelay: Duration.minutes(5) });
  // An input that causes a crash does so every time.
  if (props.retriesCrash) task.addRetry({ ...retry, errors: crashed, maxAttempts: 3 });
  const parseError = namedError(scope, name, props);
  if (props.quotaWaits !== 0) {
    const wait = quotaWait(scope, name, { ...props, task, parseError });
    task.addCatch(wait, { errors: ['QuotaExceededError'], resultPath });
  }
  task.addCatch(parseError, { errors: thrown, resultPath });
  const useRawError = rawError(scope, name, props);
  // States.ALL does not match this error.
  task.addCatch(useRawError, { errors: ['States.DataLimitExceeded'], resultPath });
  task.addCatch(useRawError, { errors: ['States.ALL'], resultPath });
  return task;
}

type ErrorProps = Pick<CallStepProps, 'errorPath' | 'onError'>;

/** Paths of a caught error. */
function caughtAt(path = '$.error') {
  return { error: `${path}.Error`, cause: `${path}.Cause` };
}

/** Parses the Cause, which is JSON text. */
function namedError(scope: Construct, name: string, { errorPath, onError }: ErrorProps): Pass {
  const { error, cause } = caughtAt(errorPath);
  const state = new Pass(scope, `${name}: Parse error`, {
    parameters: { 'name.$': error, 'cause.$': `States.StringToJson(${cause})` },
    resultPath: '$.error',
  });
  state.next(onError);
  return state;
}

/** Takes the Cause as it is: timeouts, crashes and AWS errors have free text. */
function rawError(scope: Construct, name: string, { errorPath, onError }: ErrorProps): Pass {
  const { error, cause } = caughtAt(errorPath);
  const state = new Pass(scope, `${name}: Use raw error`, {
    parameters: { 'name.$': error, cause: { 'errorMessage.$': cause } },
    resultPath: '$.error',
  });
  state.next(onError);
  return state;
}

interface QuotaWaitProps extends Pick<CallStepProps, 'errorPath' | 'quotaWaits'> {
  readonly task: LambdaInvoke;
  /** Next state when the waits are exhausted. */
  readonly parseError: Pass;
}

/** The number after the last equals sign. StringSplit splits at every character of its delimiter, so use a single one. */
const SECONDS_NAMED =
  "States.StringToJson(States.ArrayGetItem(States.StringSplit($.quota.cause.errorMessage, '='), States.MathAdd(States.ArrayLength(States.StringSplit($.quota.cause.errorMessage, '=')), -1)))";

/** Waits as long as the error says (`retryAfterSeconds=<integer>` at the end of its message), plus a growing extra. */
function quotaWait(scope: Construct, name: string, props: QuotaWaitProps) {
  const { task, parseError, quotaWaits: waits, errorPath } = props;
  const { cause } = caughtAt(errorPath);
  const read = new Pass(scope, `${name}: Parse quota error`, {
    parameters: { 'cause.$': `States.StringToJson(${cause})`, 'extra.$': '$.quota.extra' },
    resultPath: '$.quota',
  });
  const seconds = new Pass(scope, `${name}: Compute quota wait`, {
    parameters: {
      'seconds.$': `States.MathAdd(${SECONDS_NAMED}, $.quota.extra)`,
      'extra.$': `States.MathAdd($.quota.extra, ${EXTRA_SECONDS})`,
    },
    resultPath: '$.quota',
  });
  const wait = new Wait(scope, `${name}: Wait for quota`, {
    time: WaitTime.secondsPath('$.quota.seconds'),
  });
  seconds.next(wait).next(task);
  if (waits === undefined) {
    read.next(seconds);
    return read;
  }
  const enough = new Choice(scope, `${name}: Quota wait limit reached?`)
    .when(Condition.numberGreaterThanEquals('$.quota.extra', waits * EXTRA_SECONDS), parseError)
    .otherwise(read);
  read.next(seconds);
  return enough;
}
