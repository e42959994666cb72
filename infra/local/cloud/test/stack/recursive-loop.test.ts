/** A function that sends to its own queue is stopped as Lambda stops it. */
import { rmSync } from 'node:fs';
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
