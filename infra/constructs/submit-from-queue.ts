/** Connects a queue of S3 events to the function that submits files. */
import { Validations } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
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
  acknowledgeDeadLetters(lambda, queue);
}

/** The dead-letter queue takes failed messages, and needs none itself. */
function acknowledgeDeadLetters(lambda: ConnectorFunction['lambda'], queue: IQueue): void {
  Validations.of(lambda).acknowledge({
    id: 'Serverless-LambdaEventSourceMappingDestination',
    reason:
      'Lambda has no failure destination for SQS; failed messages go to the dead-letter queue.',
  });
  const deadLetters = queue instanceof Queue ? queue.deadLetterQueue?.queue : undefined;
  if (deadLetters) {
    const reason = 'It is a dead-letter queue itself.';
    Validations.of(deadLetters).acknowledge(
      { id: 'AwsSolutions-SQS3', reason },
      { id: 'Serverless-SQSRedrivePolicy', reason },
    );
  }
}
