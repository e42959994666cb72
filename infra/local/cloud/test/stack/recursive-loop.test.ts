/** A function that sends to its own queue, or writes to the bucket that invokes it, is stopped as Lambda stops it. */
import { rmSync } from 'node:fs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it, onTestFinished } from 'vitest';
import { createClock } from '../../src/clock.ts';
import { localClientOptions, queueUrl } from '../../src/stack/queues.ts';
import { runStack } from '../../src/stack/run-stack.ts';
import { fn, writeHello } from './hello.ts';

const POLL = { timeout: 60_000, interval: 100 };
/** Lambda's limit, and a few more. */
const ROUNDS = 20;

/** The SDK itself, because it passes the trace header on. */
const loops = `
import { SendMessageCommand, SQSClient } from ${JSON.stringify(import.meta.resolve('@aws-sdk/client-sqs'))};
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
export const handler = async ({ Records: [{ body }] }) => {
  console.log('round', body);
  if (Number(body) >= ${ROUNDS}) return;
  const MessageBody = String(Number(body) + 1);
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody }));
};`;

async function start(properties: object) {
  const directory = writeHello(
    {
      Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
      Jobs: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: 'jobs',
          VisibilityTimeout: 5,
          RedrivePolicy: {
            deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] },
            maxReceiveCount: 2,
          },
        },
      },
      Worker: fn('worker', {
        Timeout: 5,
        Environment: { Variables: { QUEUE: { Ref: 'Jobs' } } },
        ...properties,
      }),
      Source: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] },
          FunctionName: { Ref: 'Worker' },
        },
      },
    },
    { worker: loops },
  );
  const lines: string[] = [];
  const stack = await runStack({
    directory,
    clock: createClock(),
    apiPort: 0,
    awsPort: 0,
    listener: { onLine: (_, line) => lines.push(line) },
  });
  const sqs = new SQSClient(localClientOptions(stack.awsUrl));
  onTestFinished(async () => {
    sqs.destroy();
    await stack.close();
    rmSync(directory, { recursive: true });
  });
  const [jobs, dead] = ['jobs', 'dead'].map((name) =>
    queueUrl(stack.awsUrl, stack.stack.queues.find((queue) => queue.name === name)?.arn ?? ''),
  );
  await sqs.send(new SendMessageCommand({ QueueUrl: jobs, MessageBody: '1' }));
  return {
    lines,
    rounds: () => lines.filter((line) => /round/.test(line)).length,
    async deadLetters() {
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames }),
      );
      return Number(Attributes?.ApproximateNumberOfMessages);
    },
  };
}

it('stops after 16 rounds; the message becomes a dead letter, and the log says why', async () => {
  const { lines, rounds, deadLetters } = await start({});
  await expect.poll(deadLetters, POLL).toBe(1);
  expect(rounds()).toBe(16);
  expect(lines.join('\n')).toMatch(/Lambda has stopped .*: it was invoked 16 times in one chain/);
}, 90_000);

it('goes on with RecursiveLoop Allow', async () => {
  const { rounds, deadLetters } = await start({ RecursiveLoop: 'Allow' });
  await expect.poll(rounds, POLL).toBeGreaterThanOrEqual(ROUNDS);
  expect(await deadLetters()).toBe(0);
}, 90_000);

/** Writes the next object, whether S3 or a queue brings the notification. */
const writes = `
import { PutObjectCommand, S3Client } from ${JSON.stringify(import.meta.resolve('@aws-sdk/client-s3'))};
const s3 = new S3Client({ forcePathStyle: true });
export const handler = async ({ Records: [record] }) => {
  const { Records } = record.body ? JSON.parse(record.body) : { Records: [record] };
  if (!Records) return;
  const { key } = Records[0].s3.object;
  console.log('round', key);
  if (Number(key) >= ${ROUNDS}) return;
  await s3.send(new PutObjectCommand({ Bucket: 'loop', Key: String(Number(key) + 1), Body: 'x' }));
};`;

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

it.each([
  [
    'itself',
    { LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: arnOf('Worker') }] },
  ],
  ['a queue', { QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: arnOf('Jobs') }] }],
])(
  'stops after 16 rounds through a bucket that notifies %s',
  async (_, notifications) => {
    const directory = writeHello(
      {
        Jobs: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 30 } },
        Worker: fn('worker', { Timeout: 5 }),
        Source: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: { EventSourceArn: arnOf('Jobs'), FunctionName: { Ref: 'Worker' } },
        },
        Loop: {
          Type: 'AWS::S3::Bucket',
          Properties: { BucketName: 'loop', NotificationConfiguration: notifications },
        },
      },
      { worker: writes },
    );
    const lines: string[] = [];
    const listener = { onLine: (_: unknown, line: string) => lines.push(line) };
    const stack = await runStack({
      directory,
      clock: createClock(),
      apiPort: 0,
      awsPort: 0,
      listener,
    });
    const s3 = new S3Client({ ...localClientOptions(stack.awsUrl), forcePathStyle: true });
    onTestFinished(async () => {
      s3.destroy();
      await stack.close();
      rmSync(directory, { recursive: true });
    });
    await s3.send(new PutObjectCommand({ Bucket: 'loop', Key: '1', Body: 'x' }));
    const isStopped = () => lines.some((line) => /Lambda has stopped .*16 times/.test(line));
    await expect.poll(isStopped, POLL).toBe(true);
    expect(lines.filter((line) => /round/.test(line))).toHaveLength(16);
  },
  90_000,
);
