/** The samples: one operation each, from its input to its output or the error's name and message. */
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Pass, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Operation } from '../../shared/operations/catalogue.ts';
import { Playbook, type PlaybookProps } from './playbook.ts';
import { callStep, noQuotaYet } from './steps/call-step.ts';
import { errorOutput } from './steps/error-output.ts';

/** What a sample is made of. */
export interface OneOperationProps extends PlaybookProps {
  readonly operation: Pick<Operation, 'id' | 'summary'>;
  readonly lambda: IFunction;
  /** Name of the state machine. @default - CloudFormation makes one up */
  readonly name?: string | undefined;
}

/**
 * Takes the operation's direct input; ends with its output, or with `{ error: { name, message } }`.
 * An execution that ends so has succeeded: the error is its outcome.
 */
export class OneOperation extends Playbook {
  constructor(
    scope: Construct,
    id: string,
    { operation, lambda, name, ...props }: OneOperationProps,
  ) {
    super(scope, id, props, {
      comment: operation.summary,
      name,
      functions: [lambda],
      timeout: Duration.days(2),
      define: (states) => {
        const begin = new Pass(states, 'Prepare input', {
          parameters: { 'input.$': '$', quota: noQuotaYet },
        });
        const call = callStep(states, operation.id, {
          lambda,
          inputPath: '$.input',
          resultPath: '$.output',
          // Waits of over a day in all.
          quotaWaits: 100,
          onError: errorOutput(states),
        });
        return begin.next(call).next(new Succeed(states, 'Done', { outputPath: '$.output' }));
      },
    });
  }
}
