/** Polls for a finished report, with waits during which no function runs. */
import {
  Choice,
  Condition,
  type IChainable,
  Pass,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { noQuotaYet } from './quota-wait.ts';

/** 20, 30, then 60 s each: 15 min, in which VirusTotal finishes most analyses. */
export const quarterOfAnHour: readonly number[] = [20, 30, ...Array<number>(14).fill(60)];

/** The same, then every 15 min, up to 24 h in all. */
export const day: readonly number[] = [...quarterOfAnHour, ...Array<number>(95).fill(900)];

/** Props of the polling states. */
export interface LookStepProps {
  /** Prefix of the names of the states, for a second lookup in the same playbook. @default - none */
  readonly prefix?: string;
  /** Wait before each lookup, seconds. */
  readonly pauses: readonly number[];
  /** Next state when there is still no report after the last wait. */
  readonly onNone: IChainable;
  /** Next state when there is a report. */
  readonly onReport: IChainable;
}

/** The states around a lookup. */
export interface LookStep {
  /** First state: waits, then looks up. */
  readonly start: IChainable;
  /** State after the lookup: continues with the report or the next wait. */
  readonly seen: IChainable;
  /** Inserts the lookup between the two. */
  look(task: IChainable): void;
}

/** Path of a lookup's quota data (`callStep`). */
export const LOOK_QUOTA_PATH = '$.look.quota';

/** Initial `look` of a playbook's data. */
export function noLookYet(pauses: readonly number[]) {
  return { index: 0, pauses, quota: noQuotaYet };
}

/** Creates the states; the lookup must store its output in `$.report`. */
export function lookStep(scope: Construct, props: LookStepProps): LookStep {
  const { prefix, pauses, onNone, onReport } = props;
  const nameOf = (state: string) => (prefix === undefined ? state : `${prefix}: ${state}`);
  const pause = new Pass(scope, nameOf('Compute poll interval'), {
    parameters: {
      'seconds.$': 'States.ArrayGetItem($.look.pauses, $.look.index)',
      'index.$': 'States.MathAdd($.look.index, 1)',
      'pauses.$': '$.look.pauses',
      'quota.$': LOOK_QUOTA_PATH,
    },
    resultPath: '$.look',
  });
  const wait = new Wait(scope, nameOf('Wait for analysis'), {
    time: WaitTime.secondsPath('$.look.seconds'),
  });
  const start = new Choice(scope, nameOf('Polling limit reached?'))
    .when(Condition.numberGreaterThanEquals('$.look.index', pauses.length), onNone)
    .otherwise(pause);
  const seen = new Choice(scope, nameOf('Analysis complete?'))
    .when(Condition.numberEquals('$.report.response_code', -2), start)
    .otherwise(onReport);
  pause.next(wait);
  return { start, seen, look: (task) => wait.next(task) };
}
