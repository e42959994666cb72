import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  bodiesOf,
  DEAD_ARN,
  QUEUE_ARN,
  serveQueue,
  startTestPoller,
  type TestRecord,
  until,
} from './harness.ts';

it("passes messages in Lambda's event, and deletes them as the function's role", async () => {
  const queue = await serveQueue();
  const { invoker, reports } = startTestPoller(queue, () => ({ batchItemFailures: [] }));
  const sentAt = Date.now();
  await queue.send('{"a":"é"}', {
    MessageAttributes: {
      text: { DataType: 'String', StringValue: 'x' },
      bytes: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2, 255]) },
    },
  });
  await until(() => reports.length === 1);
  const none = { stringListValues: [], binaryListValues: [] };
  expect(invoker.inputsOf('work')).toEqual([
    {
      Records: [
        {
          messageId: expect.stringMatching(/^[\da-f-]{36}$/),
          receiptHandle: expect.any(String),
          body: '{"a":"é"}',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.stringMatching(/^\d{13}$/),
            SenderId: expect.any(String),
            ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          },
          messageAttributes: {
            text: { stringValue: 'x', ...none, dataType: 'String' },
            bytes: { binaryValue: 'AQL/', ...none, dataType: 'Binary' },
          },
          md5OfMessageAttributes: expect.stringMatching(/^[\da-f]{32}$/),
          md5OfBody: createHash('md5').update('{"a":"é"}').digest('hex'),
          eventSource: 'aws:sqs',
          eventSourceARN: QUEUE_ARN,
          awsRegion: 'us-east-1',
        },
      ],
    },
  ]);
  const [event] = invoker.inputsOf('work') as { Records: TestRecord[] }[];
  expect(Number(event?.Records[0]?.attributes.SentTimestamp)).toBeGreaterThanOrEqual(sentAt);
  expect(await queue.count()).toEqual([0, 0]);
  const { calls } = queue.recorder;
  const ofRole = calls.filter(({ principal }) => principal === 'WorkRole');
  expect(ofRole.map(({ action }) => action)).toContain('sqs:DeleteMessage');
  expect(ofRole.every(({ resources }) => resources[0] === QUEUE_ARN)).toBe(true);
});

describe('deletes only what succeeded', () => {
  it('with a partial batch response: the rest comes back after its visibility timeout', async () => {
    const queue = await serveQueue({ VisibilityTimeout: '1' });
    for (const body of ['good', 'bad']) await queue.send(body);
    const { invoker, reports } = startTestPoller(queue, ({ Records }, callsBefore) => ({
      batchItemFailures: Records.filter(({ body }: TestRecord) => body === 'bad')
        .filter(() => callsBefore === 0)
        .map(({ messageId }: TestRecord) => ({ itemIdentifier: messageId })),
    }));
    await until(() => reports.length === 2);
    const [first, second] = invoker.inputsOf('work') as { Records: TestRecord[] }[];
    expect(first && bodiesOf(first)).toEqual(['good', 'bad']);
    expect(second && bodiesOf(second)).toEqual(['bad']);
    expect(second?.Records[0]?.attributes.ApproximateReceiveCount).toBe('2');
    expect(reports.map(({ received, failed }) => [received, failed])).toEqual([
      [2, 1],
      [1, 0],
    ]);
  });

  it('with a function that fails: messages end in the dead-letter queue', async () => {
    const queue = await serveQueue({
      VisibilityTimeout: '1',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: DEAD_ARN, maxReceiveCount: 2 }),
    });
    for (const body of ['one', 'two']) await queue.send(body);
    const { reports } = startTestPoller(queue, () => {
      throw new TypeError('no');
    });
    const dead = [
      ...(await queue.receive(queue.dead, 20)),
      ...(await queue.receive(queue.dead, 20)),
    ];
    expect(dead.map(({ Body }) => Body).toSorted()).toEqual(['one', 'two']);
    expect(reports).toMatchObject([
      { received: 2, failed: 2, error: 'TypeError' },
      { received: 2, failed: 2, error: 'TypeError' },
    ]);
  });
});

it('invokes at most as many functions at once as allowed, and leaves the rest in the queue', async () => {
  const queue = await serveQueue();
  const release: (() => void)[] = [];
  const work = () => new Promise<void>((resolve) => release.push(resolve));
  const { reports } = startTestPoller(queue, work, { batchSize: 1, maximumConcurrency: 2 });
  for (let index = 0; index < 5; index += 1) await queue.send(`${index}`);
  await until(() => release.length === 2);
  await sleep(100);
  expect([release.length, ...(await queue.count())]).toEqual([2, 3, 2]);
  while (reports.length < 5) {
    for (const finish of release.splice(0)) finish();
    await sleep(10);
  }
  expect(await queue.count()).toEqual([0, 0]);
});

it('keeps the order of a FIFO group, also behind a message that fails', async () => {
  const queue = await serveQueue({ FifoQueue: 'true', VisibilityTimeout: '1' });
  for (const body of ['1', '2', '3']) {
    await queue.send(body, { MessageGroupId: 'g', MessageDeduplicationId: body });
  }
  const { invoker, reports } = startTestPoller(queue, (_, callsBefore) => {
    if (callsBefore === 0) throw new Error('first time');
  });
  await until(() => reports.length === 4);
  const events = invoker.inputsOf('work') as { Records: TestRecord[] }[];
  expect(events.flatMap(bodiesOf)).toEqual(['1', '1', '2', '3']);
  expect(events[0]?.Records[0]?.attributes).toMatchObject({
    MessageGroupId: 'g',
    MessageDeduplicationId: '1',
    SequenceNumber: expect.any(String),
  });
});

it('reports that it cannot receive, and stops at once', async () => {
  const queue = await serveQueue();
  const { reports, stop } = startTestPoller({ ...queue, url: `${queue.url}x` }, () => null);
  await until(() => reports.length === 1);
  expect(reports).toMatchObject([
    { received: 0, failed: 0, error: expect.stringMatching(/does not exist/) },
  ]);
  const startedAt = Date.now();
  await stop();
  expect(Date.now() - startedAt).toBeLessThan(2000);
});
