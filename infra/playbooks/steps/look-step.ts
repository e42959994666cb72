/** Looks for a finished report, again and again, with pauses in which no function runs. */
import {
  Choice,
  Condition,
  type IChainable,
  Pass,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** 20, 30, then 60 s: 15 min, in which VirusTotal is done with most. */
export const quarterOfAnHour: readonly number[] = [20, 30, ...Array<number>(14).fill(60)];

/** After that every 15 min, up to 24 h in all. */
export const day: readonly number[] = [...quarterOfAnHour, ...Array<number>(95).fill(900)];

/** What the looks are made of. */
export interface LookStepProps {
  /** Pauses before each look, seconds. */
  readonly pauses: readonly number[];
  /** Where the last pause leads when there is still no report. */
  readonly onNone: IChainable;
  /** Where a report leads. */
  readonly onReport: IChainable;
}

/** The states around a look. */
export interface LookStep {
  /** Where it begins: a pause, then the look. */
  readonly start: IChainable;
  /** Where the look leads: to the report, or to the next pause. */
  readonly seen: IChainable;
  /** Puts the look itself between the two. */
  look(task: IChainable): void;
}

/** What a playbook's data starts with. */
export function noLookYet(pauses: readonly number[]) {
  return { index: 0, pauses };
}

/** Makes the states; the look's answer is `$.report`. */
export function lookStep(scope: Construct, props: LookStepProps): LookStep {
  const { pauses, onNone, onReport } = props;
  const pause = new Pass(scope, 'Compute poll interval', {
    parameters: {
      'seconds.$': 'States.ArrayGetItem($.look.pauses, $.look.index)',
      'index.$': 'States.MathAdd($.look.index, 1)',
      'pauses.$': '$.look.pauses',
    },
    resultPath: '$.look',
  });
  const wait = new Wait(scope, 'Wait for analysis', {
    time: WaitTime.secondsPath('$.look.seconds'),
  });
  const start = new Choice(scope, 'Polling limit reached?')
    .when(Condition.numberGreaterThanEquals('$.look.index', pauses.length), onNone)
    .otherwise(pause);
  const seen = new Choice(scope, 'Analysis complete?')
    .when(Condition.numberEquals('$.report.response_code', -2), start)
    .otherwise(onReport);
  pause.next(wait);
  return { start, seen, look: (task) => wait.next(task) };
}
