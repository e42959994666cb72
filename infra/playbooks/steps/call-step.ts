/** A Lambda call as every playbook makes it: with retries, quota waits and named errors. */
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  type IChainable,
  JitterType,
  Pass,
  type RetryProps,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { errorTable } from '../../../shared/errors.ts';
import { quotaWait } from './quota-wait.ts';

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
   * Retries of any error that a retry may resolve, instead of `patience` and `busyRetries`: each takes three
   * history events, which a Map has to save.
   */
  readonly fewRetries?: number;
  /** Retries while Lambda is busy, at most 5 min apart. A new account runs ten functions at once. @default 10 */
  readonly busyRetries?: number;
  /** Retries of further errors. @default - none */
  readonly retries?: readonly RetryProps[];
  /**
   * Number of quota waits before the error counts, or a JSONata expression of it; 0 for a call that sends nothing
   * to VirusTotal.
   */
  readonly quotaWaits: number | string;
  /** Path of the quota data. A call whose success precedes another has its own, so that the other counts afresh. @default '$.quota' */
  readonly quotaPath?: string;
  /** Path for a caught error. Choose one that replaces data which may reach the data limit. @default '$.error' */
  readonly errorPath?: string;
  /** Next state after an error, with `$.error` as `{ name, cause: { errorMessage } }`. */
  readonly onError: IChainable;
}

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

/** Backoff with full jitter, so that callers that failed together do not return together. */
export const backoff: RetryProps = {
  interval: Duration.seconds(2),
  backoffRate: 2,
  jitterStrategy: JitterType.FULL,
};

/** Retries a task while Lambda is busy. */
export function retryWhileBusy(maxAttempts = 10): RetryProps {
  return { ...backoff, errors: busy, maxAttempts, maxDelay: Duration.minutes(5) };
}

/**
 * Creates the states of a call.
 *
 * @param name - of the task, and prefix of the names of the other states
 * @returns the task; continue with its `next`
 */
export function callStep(scope: Construct, name: string, props: CallStepProps): LambdaInvoke {
  const { errorPath: resultPath = '$.error' } = props;
  const task = new LambdaInvoke(scope, name, {
    lambdaFunction: props.lambda,
    payloadResponseOnly: true,
    inputPath: props.inputPath,
    payload: props.payload && TaskInput.fromObject(props.payload),
    resultPath: props.resultPath,
    retryOnServiceExceptions: false,
  });
  for (const retry of retriesOf(props)) task.addRetry(retry);
  if (props.quotaWaits !== 0) {
    const wait = quotaWait(scope, name, {
      errorPath: resultPath,
      quotaPath: props.quotaPath ?? '$.quota',
      maxWaits: props.quotaWaits,
      onWaited: task,
      onRefused: props.onError,
    });
    task.addCatch(wait, { errors: ['QuotaExceededError'], resultPath });
  }
  task.addCatch(namedError(scope, name, props), { errors: thrown, resultPath });
  const useRawError = rawError(scope, name, props);
  // States.ALL does not match this error.
  task.addCatch(useRawError, { errors: ['States.DataLimitExceeded'], resultPath });
  task.addCatch(useRawError, { errors: ['States.ALL'], resultPath });
  return task;
}

function retriesOf({ fewRetries, ...props }: CallStepProps): RetryProps[] {
  if (fewRetries !== undefined) {
    const [errors, interval] = [[...retryable, ...busy], Duration.seconds(5)];
    return [{ ...backoff, errors, interval, backoffRate: 4, maxAttempts: fewRetries }];
  }
  const { patience = { attempts: 4, longestPause: Duration.minutes(1) } } = props;
  return [
    {
      ...backoff,
      errors: retryable,
      maxAttempts: patience.attempts,
      maxDelay: patience.longestPause,
    },
    retryWhileBusy(props.busyRetries),
    ...(props.retries ?? []).map((retry) => ({ ...backoff, ...retry })),
    // An input that causes a crash does so every time.
    ...(props.retriesCrash ? [{ ...backoff, errors: crashed, maxAttempts: 3 }] : []),
  ];
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
