/** The ends of `ScanUpload`: every outcome is recorded. */
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  Pass,
  Succeed,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { PlaybookProps } from '../playbook.ts';
import { backoff, retryWhileBusy } from './call-step.ts';

/** Fields of the outcome; those without a value are omitted. */
export interface OutcomeFields {
  readonly outcome: 'reported' | 'pending' | 'skipped' | 'failed';
  readonly [field: string]: unknown;
}

/** Creates the state of an outcome, which is recorded next. */
export type CreateOutcome = (id: string, fields: OutcomeFields) => Pass;

/** Props of the states that record. */
export interface OutcomeStepsProps extends Pick<PlaybookProps, 'failOnError'> {
  /** Function that records the outcome. */
  readonly record: IFunction;
  /** Retries while Lambda is busy. */
  readonly busyRetries: number;
}

/** Creates the states that record. */
export function outcomeSteps(states: Construct, props: OutcomeStepsProps): CreateOutcome {
  const task = recordStep(states, props);
  return (id, fields) => {
    // Replaces the state's data, because the data limit has no room for a long report twice.
    const parameters = { ...fields, 'event.$': '$.event', 'execution.$': '$$.Execution.Id' };
    const state = new Pass(states, id, { parameters });
    state.next(task);
    return state;
  };
}

/** Records the outcome, with retries for an hour. If it cannot, the execution fails and a rule reacts. */
function recordStep(
  states: Construct,
  { record, busyRetries, failOnError }: OutcomeStepsProps,
): IChainable {
  const task = new LambdaInvoke(states, 'Record', {
    lambdaFunction: record,
    payloadResponseOnly: true,
    retryOnServiceExceptions: false,
  });
  task.addRetry(retryWhileBusy(busyRetries));
  task.addRetry({
    ...backoff,
    errors: ['States.ALL'],
    maxAttempts: 30,
    maxDelay: Duration.minutes(5),
  });
  const done = new Succeed(states, 'Done');
  if (!failOnError) return task.next(done);
  const failed = new Fail(states, 'Scan failed', {
    errorPath: '$.error.name',
    causePath: '$.error.message',
  });
  return task.next(
    // What is recorded counts: a scan that failed after an earlier one had its verdict does not fail.
    new Choice(states, 'Scan failed?')
      .when(Condition.stringEquals('$.outcome', 'failed'), failed)
      .otherwise(done),
  );
}
