/** Waits after a quota error for as long as it says; ends with that error if no wait can help. */
import {
  Choice,
  Condition,
  type IChainable,
  Pass,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { LINE_TOO_LONG } from '../../../shared/quota/messages.ts';
import { LONGEST_WAIT_MS } from '../../../shared/quota/tell.ts';
import { LONGEST_EXECUTION } from '../playbook.ts';

/** Initial value of a call's quota data: how often it has waited. */
export const noQuotaYet = { waits: 0 } as const;

/** What follows the last wait takes a day of polling, and retries, seconds. */
const RESERVED_SECONDS = 25 * 3_600;

const SUFFIX = ' retryAfterSeconds=';

/** Props of the states of a quota wait. */
export interface QuotaWaitProps {
  /** Path of the caught error, which becomes `{ name, cause: { errorMessage } }` if it is not waited for. */
  readonly errorPath: string;
  /** Path of the call's quota data, see `noQuotaYet`. */
  readonly quotaPath: string;
  /** Number of waits before the error counts: as a JSONata expression if it depends on the data. */
  readonly maxWaits: number | string;
  /** Next state after a wait. */
  readonly onWaited: IChainable;
  /** Next state if the error is not waited for. */
  readonly onRefused: IChainable;
}

/**
 * Creates the states of a quota wait: with the call, four transitions and eleven events of the history.
 *
 * @param name - of the call, prefix of the names of the states
 * @returns the first state
 */
export function quotaWait(scope: Construct, name: string, props: QuotaWaitProps): IChainable {
  const { quotaPath: quota, onWaited, onRefused } = props;
  const compute = Pass.jsonata(scope, `${name}: Compute quota wait`, {
    // asl-validator takes an expression of one line only.
    outputs: `{% ${computed(props).replaceAll(/\n\s*/g, ' ')} %}`,
  });
  const wait = new Wait(scope, `${name}: Wait for quota`, {
    time: WaitTime.secondsPath(`${quota}.seconds`),
  });
  const choice = new Choice(scope, `${name}: Quota wait possible?`)
    .when(Condition.booleanEquals(`${quota}.isRefused`, true), onRefused)
    .otherwise(wait);
  wait.next(onWaited);
  compute.next(choice);
  return compute;
}

/**
 * The state's data with the wait, and with the error to end with. JSONata, because JSONPath has no time arithmetic.
 *
 * The time that is left counts from the last redrive, which begins a timeout again
 * (https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html).
 */
function computed({ errorPath, quotaPath, maxWaits }: QuotaWaitProps): string {
  const wait = `{'waits': $waits + 1, 'seconds': $min([$told, ${LONGEST_WAIT_MS / 1000}]), 'isRefused': $isRefused}`;
  const error = `{'name': $caught.Error, 'cause': {'errorMessage': $message}}`;
  return `(
  $caught := ${inputAt(errorPath)};
  $said := $parse($caught.Cause).errorMessage;
  $told := $number($split($said, '${SUFFIX}')[-1]);
  $quota := ${inputAt(quotaPath)};
  $waits := $quota.waits;
  $most := ${maxWaits};
  $execution := $states.context.Execution;
  $begun := $exists($execution.RedriveTime) ? $execution.RedriveTime : $execution.StartTime;
  $ends := $toMillis($begun) + ${LONGEST_EXECUTION.toMilliseconds()};
  $now := $toMillis($states.context.State.EnteredTime);
  $left := ($ends - $now) / 1000 - ${RESERVED_SECONDS};
  $reason := $contains($said, '${LINE_TOO_LONG}') ? ''
    : $waits >= $most ? ' The execution has waited ' & $waits & ' times, and its history has no room for more.'
    : $told > $left ? ' The next try, at ' & $fromMillis($now + $told * 1000) & ', is too late for the execution, which ends at ' & $fromMillis($ends) & '.'
    : null;
  $isRefused := $reason != null;
  $end := $length($said) - $length('${SUFFIX}' & $told);
  $message := $substring($said, 0, $end) & $reason & $substring($said, $end);
  ${withValue(quotaPath, `$merge([$quota, ${wait}])`, `$isRefused ? ${withValue(errorPath, error)} : $states.input`)}
)`;
}

/** The data at a reference path. */
function inputAt(path: string): string {
  return `$states.input${path.slice(1)}`;
}

/** The data with a value at a reference path of one or two names. */
function withValue(path: string, value: string, data = '$states.input'): string {
  const [, first = '', second] = path.split('.');
  const field =
    second === undefined ? value : `$merge([$states.input.${first}, {'${second}': ${value}}])`;
  return `$merge([${data}, {'${first}': ${field}}])`;
}
