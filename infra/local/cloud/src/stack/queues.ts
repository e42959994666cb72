/** The stack's queues. */
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetter } from '../events/dead-letter.ts';
import type { LocalQueue } from '../template/views/queues.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';

/** How this process's own clients reach the local services. */
export function localClientOptions(awsUrl: string) {
  return {
    endpoint: awsUrl,
    region: LOCAL_REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
}

/** The URL of a queue, by its ARN. */
export function queueUrl(awsUrl: string, arn: string): string {
  return `${awsUrl}/${LOCAL_ACCOUNT}/${arn.split(':').at(-1)}`;
}

/** Creates the queues, those that others send their dead letters to first. */
export async function createQueues(awsUrl: string, queues: readonly LocalQueue[]): Promise<void> {
  const sqs = new SQSClient(localClientOptions(awsUrl));
  for (const { name, attributes } of queues) {
    await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { ...attributes } }));
  }
  sqs.destroy();
}

/** Puts an event that could not be delivered into its queue. */
export async function sendDeadLetter(awsUrl: string, letter: DeadLetter): Promise<void> {
  const sqs = new SQSClient(localClientOptions(awsUrl));
  const attributes = Object.entries(letter.attributes).map(([name, StringValue]) => [
    name,
    { DataType: 'String', StringValue },
  ]);
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl(awsUrl, letter.queueArn),
      MessageBody: letter.body,
      MessageAttributes: Object.fromEntries(attributes),
    }),
  );
  sqs.destroy();
}
