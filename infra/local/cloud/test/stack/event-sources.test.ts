import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it, onTestFinished } from 'vitest';
import { createClock } from '../../src/clock.ts';
import type { BatchReport } from '../../src/event-sources/poller.ts';
import { localClientOptions, queueUrl } from '../../src/stack/queues.ts';
import { runStack } from '../../src/stack/run-stack.ts';
import { until } from '../event-sources/harness.ts';
import { fn, writeHello } from './hello.ts';

/** Runs a function that a queue invokes. */
async function start(mapping: object, handler: string) {
  const directory = writeHello(
    {
      Jobs: { Type: 'AWS::SQS::Queue' },
      Worker: fn('worker', { Timeout: 30 }),
      Source: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] },
          FunctionName: { Ref: 'Worker' },
          ...mapping,
        },
      },
    },
    { worker: handler },
  );
  const batches: BatchReport[] = [];
  const lines: string[] = [];
  const stack = await runStack({
    directory,
    clock: createClock(),
    apiPort: 0,
    awsPort: 0,
    listener: {
      onBatch: (report) => batches.push(report),
      onLine: (_, line) => lines.push(line),
    },
  });
  const sqs = new SQSClient(localClientOptions(stack.awsUrl));
  const QueueUrl = queueUrl(stack.awsUrl, stack.stack.queues[0]?.arn ?? '');
  onTestFinished(async () => {
    sqs.destroy();
    await stack.close();
    rmSync(directory, { recursive: true });
  });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'job' }));
  return {
    batches,
    lines,
    stack,
    async visible() {
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames });
      return (await sqs.send(command)).Attributes?.ApproximateNumberOfMessages;
    },
  };
}

const LOGS = 'export const handler = async ({ Records }) => console.log(Records[0].body);';

it('gives the messages of the queue to the function', async () => {
  const { batches, lines } = await start({}, LOGS);
  await until(() => batches.length === 1);
  expect(batches).toMatchObject([{ received: 1, failed: 0 }]);
  expect(lines.join()).toContain('job');
});

it('leaves them in the queue when the mapping is not enabled', async () => {
  const { batches, visible } = await start({ Enabled: false }, LOGS);
  await sleep(300);
  expect([await visible(), batches]).toEqual(['1', []]);
});

it('stops at once, though the function is busy', async () => {
  const hangs = 'export const handler = () => new Promise((end) => setTimeout(end, 60_000));';
  const { stack } = await start({}, hangs);
  await until(() => stack.lambda.pids('Worker').length === 1);
  const startedAt = Date.now();
  await stack.close();
  expect(Date.now() - startedAt).toBeLessThan(5000);
});
