/** Connects a queue of S3 events to the function that submits files. */
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { ConnectorFunction } from './connector-function.ts';

/** Messages in a batch; one invocation handles them one after the other. */
const BATCH_SIZE = 10;

/**
 * Connects a queue. The function delays a message that has to wait, or sends a fresh copy to the same queue,
 * so that waiting does not exhaust its receive count.
 */
export function submitFromQueue({ lambda }: ConnectorFunction, queue: IQueue): void {
  lambda.addEventSource(
    new SqsEventSource(queue, { batchSize: BATCH_SIZE, reportBatchItemFailures: true }),
  );
  queue.grantSendMessages(lambda);
}
