/** One call of a function, as every playbook makes it: tried again, patient with quotas, errors named. */
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

/** How often a call is tried again when VirusTotal or S3 cannot be reached. */
export interface Patience {
  /** Tries after the first. */
  readonly attempts: number;
  /** Longest pause between two. */
  readonly longestPause: Duration;
}

/** What a call is made of. */
export interface CallStepProps {
  readonly lambda: IFunction;
  /** What the function gets: a part of the state's data. @default - all of it */
  readonly inputPath?: string;
  /** What the function gets: fields, of which those that end in `.$` are paths. @default - its input */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Where its answer goes. */
  readonly resultPath: string;
  /** @default - 4 more tries, at most a minute apart */
  readonly patience?: Patience;
  /**
   * Whether the call is made again after its function crashed or ran out of time: it may have been at any
   * point of its work then, so the work must be such that nothing is done twice. @default false
   */
  readonly survivesCrash?: boolean;
  /**
   * How often a quota is waited for before its error counts; 0 for a call that asks VirusTotal for
   * nothing, and so meets none. @default - for ever
   */
  readonly quotaWaits?: number;
  /** Where an error goes at first: over data that may be as long as a state's can be. @default '$.error' */
  readonly errorPath?: string;
  /** Where errors lead, with `$.error` as `{ name, cause: { errorMessage } }`. */
  readonly onError: IChainable;
}

/** What a playbook's data starts with, so that calls can count how long quotas make them wait. */
export const noQuotaYet = { extra: 0 } as const;

/** By so many seconds each wait for the quota is longer than the one before: fewer meet at its door. */
const LONGER = 5;

const names = Object.entries(errorTable);
/** Another try may help. The quota has a wait of its own. */
const retryable = names
  .filter(([name, { retryable: may }]) => may && name !== 'QuotaExceededError')
  .map(([name]) => name);
/** Thrown by the functions, so that their Cause is Lambda's JSON. */
const thrown = [...names.map(([name]) => name), 'InternalError'].filter(
  (name) => name !== 'QuotaExceededError',
);
/** Lambda itself failed or is busy (https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html). */
const busy = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

/**
 * A function that was killed, ran out of memory or time.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
const crashed = ['Runtime.ExitError', 'Runtime.OutOfMemory', 'Sandbox.Timedout', 'Lambda.Unknown'];

/**
 * Makes the states of a call.
 *
 * @param name - of the task; the others' names begin with it
 * @returns the task, which the caller leads on with `next`
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
  // What crashes by its input does so each time.
  if (props.survivesCrash) task.addRetry({ ...retry, errors: crashed, maxAttempts: 3 });
  const nameIt = namedError(scope, name, props);
  if (props.quotaWaits !== 0) {
    const wait = quotaWait(scope, name, { ...props, task, nameIt });
    task.addCatch(wait, { errors: ['QuotaExceededError'], resultPath });
  }
  task.addCatch(nameIt, { errors: thrown, resultPath });
  const otherwise = otherError(scope, name, props);
  // States.ALL does not match it.
  task.addCatch(otherwise, { errors: ['States.DataLimitExceeded'], resultPath });
  task.addCatch(otherwise, { errors: ['States.ALL'], resultPath });
  return task;
}

type ErrorProps = Pick<CallStepProps, 'errorPath' | 'onError'>;

/** Paths to what a Catch has left. */
function caughtAt(path = '$.error') {
  return { error: `${path}.Error`, cause: `${path}.Cause` };
}

/** The Cause is JSON text. */
function namedError(scope: Construct, name: string, { errorPath, onError }: ErrorProps): Pass {
  const { error, cause } = caughtAt(errorPath);
  const state = new Pass(scope, `${name}: Parse error`, {
    parameters: { 'name.$': error, 'cause.$': `States.StringToJson(${cause})` },
    resultPath: '$.error',
  });
  state.next(onError);
  return state;
}

/** A time-out, a crash or something of AWS, whose Cause is any text. */
function otherError(scope: Construct, name: string, { errorPath, onError }: ErrorProps): Pass {
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
  /** Where it ends after too many waits. */
  readonly nameIt: Pass;
}

/** What follows the last equals sign, as a number. Every character of a delimiter splits, so it is one alone. */
const SECONDS_NAMED =
  "States.StringToJson(States.ArrayGetItem(States.StringSplit($.quota.cause.errorMessage, '='), States.MathAdd(States.ArrayLength(States.StringSplit($.quota.cause.errorMessage, '=')), -1)))";

/** Waits as long as the error says (`retryAfterSeconds=<integer>` ends its message), and a little longer each time. */
function quotaWait(scope: Construct, name: string, props: QuotaWaitProps) {
  const { task, nameIt, quotaWaits: waits, errorPath } = props;
  const { cause } = caughtAt(errorPath);
  const read = new Pass(scope, `${name}: Parse quota error`, {
    parameters: { 'cause.$': `States.StringToJson(${cause})`, 'extra.$': '$.quota.extra' },
    resultPath: '$.quota',
  });
  const seconds = new Pass(scope, `${name}: Compute quota wait`, {
    parameters: {
      'seconds.$': `States.MathAdd(${SECONDS_NAMED}, $.quota.extra)`,
      'extra.$': `States.MathAdd($.quota.extra, ${LONGER})`,
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
    .when(Condition.numberGreaterThanEquals('$.quota.extra', waits * LONGER), nameIt)
    .otherwise(read);
  read.next(seconds);
  return enough;
}
