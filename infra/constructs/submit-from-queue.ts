/** S3 events from a queue to the function that submits. */
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { ConnectorFunction } from './connector-function.ts';

/** Messages of one batch: one after the other, within one invocation. */
const BATCH_SIZE = 10;

/**
 * Connects a queue. A message that has to wait is held back, or sent anew to the same queue, so that
 * waiting does not use up its receive count.
 */
export function submitFromQueue({ lambda }: ConnectorFunction, queue: IQueue): void {
  lambda.addEventSource(
    new SqsEventSource(queue, { batchSize: BATCH_SIZE, reportBatchItemFailures: true }),
  );
  queue.grantSendMessages(lambda);
}
