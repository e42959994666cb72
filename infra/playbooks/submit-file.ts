/** `SubmitFile`: submits a file for an HTTP caller, or for a queue whose message could not wait any longer. */
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { submitFile } from '../../shared/operations/catalogue.ts';
import { operationCall, prepareInput, returnOutput } from './one-operation.ts';
import { Playbook, type PlaybookProps } from './playbook.ts';
import { submissionRetries } from './scan-upload.ts';
import { callStep } from './steps/call-step.ts';

/** Props of the playbook. */
export interface SubmitFileProps extends PlaybookProps {
  readonly lambda: IFunction;
  /** Name of the state machine, by which the function starts it. */
  readonly name: string;
}

/**
 * Takes the direct input of `submit_sample`, as every playbook of one operation, or an upload event (an S3
 * notification of one record, or EventBridge's event). An event is submitted once, because it claims its
 * object. If that is not possible within 90 days, the execution fails: the event has no other place by then.
 */
export class SubmitFile extends Playbook {
  constructor(scope: Construct, id: string, { lambda, name, ...props }: SubmitFileProps) {
    super(scope, id, props, {
      comment: submitFile.summary,
      name,
      functions: [lambda],
      define: (states) => {
        const done = returnOutput(states);
        const direct = operationCall(states, submitFile.id, { lambda, ...props }).next(done);
        const isEvent = Condition.or(
          Condition.isPresent('$.input.Records'),
          Condition.isPresent('$.input.source'),
        );
        const check = new Choice(states, 'Upload event?')
          .when(isEvent, submitEvent(states, lambda, done))
          .otherwise(direct);
        return prepareInput(states).next(check);
      },
    });
  }
}

function submitEvent(states: Construct, lambda: IFunction, done: IChainable): IChainable {
  const submit = callStep(states, 'SubmitFile for event', {
    lambda,
    inputPath: '$.input',
    resultPath: '$.output',
    ...submissionRetries,
    // Half a day: a notification waits for another invocation's submission in this way, too.
    patience: { attempts: 100, longestPause: Duration.minutes(15) },
    onError: new Fail(states, 'Not submitted', {
      errorPath: '$.error.name',
      causePath: '$.error.cause.errorMessage',
    }),
  });
  const notYet = new Wait(states, 'Wait for concurrent submission', {
    time: WaitTime.secondsPath('$.output.retryAfterSeconds'),
  });
  const retryAfter = '$.output.retryAfterSeconds';
  return submit.next(
    new Choice(states, 'In progress?')
      .when(
        Condition.and(Condition.isPresent(retryAfter), Condition.isNumeric(retryAfter)),
        notYet.next(submit),
      )
      .otherwise(done),
  );
}
