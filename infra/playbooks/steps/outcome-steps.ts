/** The ends of `ScanUpload`: every outcome is recorded. */
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { type IChainable, Pass, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { backoff, retryWhileBusy } from './call-step.ts';

/** Fields of the outcome; those without a value are omitted. */
export interface OutcomeFields {
  readonly outcome: 'reported' | 'pending' | 'skipped' | 'failed';
  readonly [field: string]: unknown;
}

/** Creates the state of an outcome, which is recorded next. */
export type CreateOutcome = (id: string, fields: OutcomeFields) => Pass;

/**
 * Creates the states that record.
 *
 * @param record - function that records the outcome
 * @param busyRetries - retries while Lambda is busy
 */
export function outcomeSteps(
  states: Construct,
  record: IFunction,
  busyRetries: number,
): CreateOutcome {
  const task = recordStep(states, record, busyRetries);
  return (id, fields) => {
    // Replaces the state's data, because the data limit has no room for a long report twice.
    const parameters = { ...fields, 'event.$': '$.event', 'execution.$': '$$.Execution.Id' };
    const state = new Pass(states, id, { parameters });
    state.next(task);
    return state;
  };
}

/** Records the outcome, with retries for an hour. If it cannot, the execution fails and a rule reacts. */
function recordStep(states: Construct, record: IFunction, busyRetries: number): IChainable {
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
  return task.next(new Succeed(states, 'Done'));
}
