/** Playbooks of one operation: input to output, or to the name and message of an error. */
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Pass, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { Operation } from '../../shared/operations/catalogue.ts';
import { Playbook, type PlaybookProps } from './playbook.ts';
import { callStep } from './steps/call-step.ts';
import { errorOutput } from './steps/error-output.ts';
import { noQuotaYet } from './steps/quota-wait.ts';

/**
 * Quota waits of a call. In simulations of lines of 30 days, calls wait 92 times at most; the history of an
 * execution has room for these even if every call is retried as often as it may be.
 */
export const QUOTA_WAITS = 400;

/** Props of a playbook of one operation. */
export interface OneOperationProps extends PlaybookProps {
  readonly operation: Pick<Operation, 'id' | 'summary'>;
  readonly lambda: IFunction;
}

/**
 * Takes the operation's direct input and returns its output or `{ error: { name, message } }`. An execution that
 * returns an error has succeeded, because the error is its outcome; with `failOnError` it fails.
 */
export class OneOperation extends Playbook {
  constructor(scope: Construct, id: string, { operation, lambda, ...props }: OneOperationProps) {
    super(scope, id, props, {
      comment: operation.summary,
      functions: [lambda],
      define: (states) => {
        const call = operationCall(states, operation.id, { lambda, ...props });
        return prepareInput(states).next(call).next(returnOutput(states));
      },
    });
  }
}

/** First state: makes room for the call's own data. */
export function prepareInput(states: Construct): Pass {
  return new Pass(states, 'Prepare input', { parameters: { 'input.$': '$', quota: noQuotaYet } });
}

/** Calls the operation with the playbook's input; continue with its `next`. */
export function operationCall(
  states: Construct,
  id: string,
  { lambda, failOnError }: Pick<OneOperationProps, 'lambda' | 'failOnError'>,
): LambdaInvoke {
  return callStep(states, id, {
    lambda,
    inputPath: '$.input',
    resultPath: '$.output',
    quotaWaits: QUOTA_WAITS,
    onError: errorOutput(states, { failOnError }),
  });
}

/** Last state: returns what the function returned. */
export function returnOutput(states: Construct): Succeed {
  return new Succeed(states, 'Done', { outputPath: '$.output' });
}
