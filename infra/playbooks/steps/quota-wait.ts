/** Waits after a 429: as long as the error says, plus a random part that spreads callers out. */
import {
  Choice,
  Condition,
  type IChainable,
  Pass,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** Initial value of a call's quota data: where it is in `SPREAD_SECONDS`, and how often it has waited. */
export const noQuotaYet = { step: 0, waits: 0 } as const;

/**
 * Longest random part of the first, second and following waits, seconds; the last counts for all further waits.
 * Few callers are served soon, and many share the quota without idle minutes, which `test/soak/quota-herd.test.ts` shows. A longer last step means fewer wake-ups, and more of the quota unused when few callers are left.
 */
export const SPREAD_SECONDS = [15, 20, 30, 45, 70, 100, 150, 230, 340, 510, 720] as const;

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** Props of the states of a quota wait. */
export interface QuotaWaitProps {
  /** Path of the caught error's Cause. */
  readonly causePath: string;
  /** Path of the call's quota data, see `noQuotaYet`. */
  readonly quotaPath: string;
  /** Number of waits before the error counts. */
  readonly maxWaits: number;
  /** Next state after a wait. */
  readonly onWaited: IChainable;
  /** Next state when the waits are exhausted. */
  readonly onExhausted: IChainable;
}

/**
 * Creates the states of a quota wait.
 *
 * @param name - of the call, prefix of the names of the states
 * @returns the first state
 */
export function quotaWait(scope: Construct, name: string, props: QuotaWaitProps): IChainable {
  const { quotaPath: quota, maxWaits, onWaited, onExhausted } = props;
  const seconds = `${quota}.seconds`;
  const { first, compute } = secondsStates(scope, name, props);
  const wait = new Wait(scope, `${name}: Wait for quota`, { time: WaitTime.secondsPath(seconds) });
  const replace = (state: string, expression: string) =>
    new Pass(scope, `${name}: ${state}`, {
      parameters: { 'seconds.$': expression, ...kept(quota) },
      resultPath: quota,
    }).next(wait);
  const isLonger = (than: number) => Condition.numberGreaterThan(seconds, than);
  const choice = new Choice(scope, `${name}: Quota wait limit reached?`)
    .when(Condition.numberGreaterThan(`${quota}.waits`, maxWaits), onExhausted)
    // Step Functions waits 99,999,999 s at most; ask again every day.
    .when(
      isLonger(DAY - HOUR),
      replace('Cap quota wait', `States.MathRandom(${DAY - HOUR}, ${DAY})`),
    )
    // The day is spent: all callers wait for the same second.
    .when(
      isLonger(HOUR),
      replace('Spread quota wait', `States.MathAdd(${seconds}, States.MathRandom(0, ${HOUR}))`),
    )
    .otherwise(wait);
  wait.next(onWaited);
  compute.next(choice);
  return first;
}

/** Computes how long to wait, in two states: an intrinsic function cannot read into the result of another. */
function secondsStates(
  scope: Construct,
  name: string,
  { causePath, quotaPath: quota }: QuotaWaitProps,
): { first: Pass; compute: Pass } {
  const first = new Pass(scope, `${name}: Parse quota error`, {
    parameters: {
      'cause.$': `States.StringToJson(${causePath})`,
      // The end of the range is exclusive.
      'extra.$': `States.MathRandom(0, ${itemOf(SPREAD_SECONDS, `${quota}.step`)})`,
      'step.$': itemOf(nextSteps, `${quota}.step`),
      'waits.$': `States.MathAdd(${quota}.waits, 1)`,
    },
    resultPath: quota,
  });
  const compute = new Pass(scope, `${name}: Compute quota wait`, {
    parameters: {
      'seconds.$': `States.MathAdd(${secondsNamed(quota)}, ${quota}.extra)`,
      ...kept(quota),
    },
    resultPath: quota,
  });
  first.next(compute);
  return { first, compute };
}

/** What outlasts a wait. */
function kept(quotaPath: string) {
  return { 'step.$': `${quotaPath}.step`, 'waits.$': `${quotaPath}.waits` };
}

/** The step after each step: intrinsic functions have no minimum, so a table keeps the last one from growing. */
const nextSteps = SPREAD_SECONDS.map((_, step) => Math.min(step + 1, SPREAD_SECONDS.length - 1));

function itemOf(values: readonly number[], indexPath: string): string {
  return `States.ArrayGetItem(States.Array(${values.join(', ')}), ${indexPath})`;
}

/** The number after the message's last equals sign. StringSplit splits at every character of its delimiter, so use a single one. */
function secondsNamed(quotaPath: string): string {
  const parts = `States.StringSplit(${quotaPath}.cause.errorMessage, '=')`;
  const last = `States.MathAdd(States.ArrayLength(${parts}), -1)`;
  return `States.StringToJson(States.ArrayGetItem(${parts}, ${last}))`;
}
