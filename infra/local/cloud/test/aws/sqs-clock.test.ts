import {
  ChangeMessageVisibilityCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, it, onTestFinished } from 'vitest';
import { toRealTime } from '../../src/aws/sqs/clock-times.ts';
import { createClock } from '../../src/clock.ts';
import { serveQueue } from '../event-sources/harness.ts';

const SPEED = 100;

/** Milliseconds of real time until the queue has a message again. */
async function msUntilVisible(queue: Awaited<ReturnType<typeof serveQueue>>): Promise<number> {
  const startedAt = Date.now();
  const [message] = await queue.receive(queue.url, 20);
  expect(message).toBeDefined();
  return Date.now() - startedAt;
}

it('delays messages on the clock, by their own delay or the queue’s', async () => {
  const queue = await serveQueue({ DelaySeconds: '100' }, SPEED);
  await queue.send('by the queue');
  expect(await msUntilVisible(queue)).toBeGreaterThan(800);
  await queue.send('by itself', { DelaySeconds: 50 });
  const ms = await msUntilVisible(queue);
  expect(ms).toBeGreaterThan(300);
  expect(ms).toBeLessThan(5000);
});

it('hides messages on the clock', async () => {
  const queue = await serveQueue({ VisibilityTimeout: '1200' }, SPEED);
  await queue.send('x');
  const [message] = await queue.receive();
  const sqs = new SQSClient({
    endpoint: queue.awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'x' },
  });
  onTestFinished(() => sqs.destroy());
  const change = (VisibilityTimeout: number) =>
    sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queue.url,
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout,
      }),
    );
  await expect(change(43_201)).rejects.toThrow(/43200/);
  const bad = new ReceiveMessageCommand({ QueueUrl: queue.url, VisibilityTimeout: 99_999 });
  await expect(sqs.send(bad)).rejects.toThrow(/43200/);
  await change(100);
  expect(await msUntilVisible(queue)).toBeGreaterThan(800);
});

it.each([
  ['of the queue', {}, 1200, 12],
  ['of the request', { VisibilityTimeout: 2400 }, 30, 24],
  ['that would leave less than ten real seconds', {}, 30, 10],
  ['that is shorter', { VisibilityTimeout: 5 }, 30, 5],
  ['of none', { VisibilityTimeout: 0 }, 30, 0],
])('leaves real time to work within a visibility timeout %s', async (_, own, queue, expected) => {
  const attributes = async () => ({ VisibilityTimeout: `${queue}` });
  const request = { QueueUrl: 'q', WaitTimeSeconds: 20, ...own };
  expect(await toRealTime('ReceiveMessage', request, createClock(SPEED), attributes)).toEqual({
    QueueUrl: 'q',
    WaitTimeSeconds: 20,
    VisibilityTimeout: expected,
  });
});

it('scales each entry of a batch', async () => {
  const none = async () => ({ DelaySeconds: '0' });
  const scaled = (action: string, ...Entries: object[]) =>
    toRealTime(action, { Entries }, createClock(SPEED), none);
  expect(await scaled('SendMessageBatch', { DelaySeconds: 100 }, {})).toEqual({
    Entries: [{ DelaySeconds: 1 }, {}],
  });
  expect(await scaled('ChangeMessageVisibilityBatch', { VisibilityTimeout: 50 })).toEqual({
    Entries: [{ VisibilityTimeout: 0.5 }],
  });
});

it('stamps messages with the clock', async () => {
  const queue = await serveQueue({}, SPEED);
  const before = queue.clock.now();
  await queue.send('x');
  const [message] = await queue.receive();
  const after = queue.clock.now();
  for (const name of ['SentTimestamp', 'ApproximateFirstReceiveTimestamp'] as const) {
    const ms = Number(message?.Attributes?.[name]);
    // The engine's stamps have whole real milliseconds.
    expect(ms).toBeGreaterThanOrEqual(before - SPEED);
    expect(ms).toBeLessThanOrEqual(after + SPEED);
  }
});
