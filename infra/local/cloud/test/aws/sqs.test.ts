import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startLocalAws } from '../support/local-aws.ts';

let aws: Awaited<ReturnType<typeof startLocalAws>>;

beforeAll(async () => {
  aws = await startLocalAws();
});
beforeEach(() => {
  aws.recorder.take();
});
afterAll(() => aws.close());

async function queue(QueueName: string, Attributes: Record<string, string> = {}) {
  const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  if (!QueueUrl) throw new Error('no queue');
  return QueueUrl;
}

async function receive(QueueUrl: string, VisibilityTimeout = 30, WaitTimeSeconds = 0) {
  const command = new ReceiveMessageCommand({
    QueueUrl,
    VisibilityTimeout,
    WaitTimeSeconds,
    MessageSystemAttributeNames: ['ApproximateReceiveCount'],
  });
  const [message] = (await aws.sqs.send(command)).Messages ?? [];
  return message;
}

test('sends, receives and deletes, at an address of the endpoint, and records each call', async () => {
  const QueueUrl = await queue('work');
  expect(QueueUrl).toBe(`${aws.url}/000000000000/work`);
  await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"a":"é"}' }));
  const message = await receive(QueueUrl);
  expect(message).toMatchObject({
    Body: '{"a":"é"}',
    Attributes: { ApproximateReceiveCount: '1' },
  });
  const { ReceiptHandle } = message ?? {};
  await aws.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  const Entries = [{ Id: '1', MessageBody: 'x' }];
  await aws.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const arn = 'arn:aws:sqs:us-east-1:000000000000:work';
  expect(aws.recorder.take()).toEqual([
    `sqs:CreateQueue ${arn} 200`,
    `sqs:SendMessage ${arn} 200`,
    `sqs:ReceiveMessage ${arn} 200`,
    `sqs:DeleteMessage ${arn} 200`,
    `sqs:SendMessage ${arn} 200`,
  ]);
});

test('hides what was received, until its visibility is changed', async () => {
  const QueueUrl = await queue('visibility');
  await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  const { ReceiptHandle } = (await receive(QueueUrl)) ?? {};
  expect(await receive(QueueUrl)).toBeUndefined();
  const change = (VisibilityTimeout: number) =>
    aws.sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }),
    );
  await change(43_200);
  expect(await receive(QueueUrl)).toBeUndefined();
  await change(0);
  expect(await receive(QueueUrl)).toMatchObject({ Attributes: { ApproximateReceiveCount: '2' } });
});

test('moves what was received too often to the dead-letter queue', async () => {
  const dead = await queue('dead');
  const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 });
  const QueueUrl = await queue('redriven', { RedrivePolicy });
  await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
  expect(await receive(QueueUrl, 0)).toMatchObject({ Body: 'poison' });
  expect(await receive(QueueUrl, 0)).toMatchObject({ Body: 'poison' });
  expect(await receive(QueueUrl, 0)).toBeUndefined();
  expect(await receive(dead)).toMatchObject({ Body: 'poison' });
});

test('delays what is to come later', async () => {
  const QueueUrl = await queue('delayed');
  await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds: 1 }));
  expect(await receive(QueueUrl)).toBeUndefined();
  expect(await receive(QueueUrl, 30, 10)).toMatchObject({ Body: 'x' });
});

test('a receiver that waits does not keep the endpoint from closing', async () => {
  const other = await startLocalAws();
  const { QueueUrl } = await other.sqs.send(new CreateQueueCommand({ QueueName: 'empty' }));
  const receiving = other.sqs
    .send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))
    .catch((error: Error) => error.name);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await other.close();
  expect(await receiving).not.toHaveProperty('Messages');
});

test('words errors as SQS does', async () => {
  const QueueUrl = `${aws.url}/000000000000/missing`;
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  await expect(aws.sqs.send(command)).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
    $metadata: { httpStatusCode: 400 },
  });
});
