import { randomUUID } from 'node:crypto';
import { DeleteMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { receive, type TestQueue } from '../support/aws-engines.ts';
import {
  BUCKET,
  eventOf,
  leaveClaim,
  notificationOf,
  type Running,
  startSubmitFile,
  withMalformed,
  withoutSize,
} from '../support/submit-file.ts';

const fresh = () => `fresh ${randomUUID()}`;

/** Receives, invokes and deletes what did not fail, as Lambda's poller does. */
async function poll({ engines, invoke }: Running, queue: TestQueue, leftMs?: number) {
  const Records = await receive(engines.sqs, queue);
  if (Records.length === 0) return { received: [], failed: [] };
  const answer = await invoke({ Records }, leftMs === undefined ? {} : { leftMs });
  const failed: string[] = Object(answer).batchItemFailures.map(
    ({ itemIdentifier }: { itemIdentifier: string }) => itemIdentifier,
  );
  for (const { messageId, receiptHandle: ReceiptHandle } of Records) {
    if (failed.includes(messageId)) continue;
    await engines.sqs.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle }));
  }
  return { received: Records, failed };
}

async function send({ engines }: Running, { url: QueueUrl }: TestQueue, ...bodies: unknown[]) {
  for (const body of bodies) {
    const MessageBody = typeof body === 'string' ? body : JSON.stringify(body);
    await engines.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }
  // Leaves out the test's own requests.
  engines.waits.length = 0;
}

const quota = { kind: 'quota-exceeded', retryAfter: 3600, times: 'always' } as const;

describe('a batch', () => {
  it('has every message done: notifications, EventBridge events, enveloped ones, test events', async () => {
    const running = await startSubmitFile();
    const { queue } = await running.engines.createQueues(3);
    const [one, two, three] = [
      await running.put('one', fresh()),
      await running.put('two', fresh()),
      await running.put('three', fresh()),
    ];
    const Message = JSON.stringify(notificationOf(three));
    await send(
      running,
      queue,
      notificationOf(one),
      eventOf(two),
      { Type: 'Notification', Message },
      { Event: 's3:TestEvent' },
    );
    const { received, failed } = await poll(running, queue);
    expect(received).toHaveLength(4);
    expect(failed).toEqual([]);
    expect(running.uploads()).toBe(3);
    expect(running.engines.waits).toEqual([]);
  });

  it('reports exactly those that failed, which become dead letters', async () => {
    const running = await startSubmitFile();
    const { queue, deadLetters } = await running.engines.createQueues(2);
    const good = eventOf(await running.put('good', fresh()));
    const gone = eventOf({ bucket: BUCKET, key: 'gone', etag: 'e', size: 1 });
    await send(running, queue, good, gone, 'not an event');
    const { received, failed } = await poll(running, queue);
    const bodies = received
      .filter(({ messageId }) => failed.includes(messageId))
      .map(({ body }) => body);
    expect(bodies.toSorted()).toEqual([JSON.stringify(gone), 'not an event'].toSorted());
    expect((await poll(running, queue)).failed).toHaveLength(2);
    expect((await poll(running, queue)).received).toEqual([]);
    const dead = await receive(running.engines.sqs, deadLetters);
    expect(dead.map(({ body }) => body).toSorted()).toEqual(bodies.toSorted());
    expect(running.uploads()).toBe(1);
    expect(running.engines.waits).toEqual([]);
  });

  it('reports a message of which one record failed, after its others were done', async () => {
    const running = await startSubmitFile();
    const { queue } = await running.engines.createQueues(2);
    const gone = { bucket: BUCKET, key: 'gone', etag: 'e', size: 1 };
    await send(running, queue, notificationOf(gone, await running.put('file', fresh())));
    expect((await poll(running, queue)).failed).toHaveLength(1);
    expect(running.uploads()).toBe(1);
  });

  it('reports a message of which one record is malformed, after its others were done', async () => {
    const running = await startSubmitFile();
    const { queue } = await running.engines.createQueues(2);
    const bad = withMalformed(notificationOf(await running.put('one', fresh())));
    const good = notificationOf(await running.put('two', fresh()));
    await send(running, queue, bad, good);
    const { received, failed } = await poll(running, queue);
    const isFailed = ({ messageId }: { messageId: string }) => failed.includes(messageId);
    expect(received.filter(isFailed).map(({ body }) => body)).toEqual([JSON.stringify(bad)]);
    expect(running.uploads()).toBe(2);
  });

  it('is done with empty objects, though an event leaves the size out, and with no records', async () => {
    const running = await startSubmitFile();
    const { queue } = await running.engines.createQueues(2);
    const [empty, marker] = [await running.put('empty', ''), await running.put('folder/', '')];
    const notification = withoutSize(notificationOf(empty, marker));
    const Message = JSON.stringify(notification);
    await send(
      running,
      queue,
      notification,
      withoutSize(eventOf(empty)),
      { Type: 'Notification', Message },
      { Records: [] },
    );
    const { received, failed } = await poll(running, queue);
    expect(received).toHaveLength(4);
    expect(failed).toEqual([]);
    expect(running.simulator.requests).toEqual([]);
    expect(running.engines.waits).toEqual([]);
  });
});

describe('an exceeded quota', () => {
  it('has the messages wait as long as it says, untried, and never kills one', async () => {
    const running = await startSubmitFile();
    const { engines, simulator } = running;
    const { queue, deadLetters } = await engines.createQueues(2);
    const objects = [await running.put('one', fresh()), await running.put('two', fresh())];
    await send(running, queue, ...objects.map(eventOf));
    simulator.fault(quota);
    for (let round = 0; round < 12; round += 1) {
      const asked = simulator.requests.length;
      const { received } = await poll(running, queue);
      expect(received).toHaveLength(2);
      for (const { attributes } of received) {
        expect(Number(attributes.ApproximateReceiveCount)).toBeLessThan(3);
      }
      // The rest of the batch is not tried after the first failure.
      const lookups = simulator.requests.slice(asked).filter(({ path }) => /files/.test(path));
      expect(lookups).toHaveLength(1);
    }
    expect(await receive(engines.sqs, deadLetters)).toEqual([]);
    const asked = (action: string) =>
      engines.waits.filter((wait) => wait.action === action).map(({ seconds }) => seconds);
    expect(asked('ChangeMessageVisibility')).toEqual(Array(12).fill(3600));
    expect(asked('SendMessage')).toEqual(Array(12).fill(900));
    simulator.reset();
    expect((await poll(running, queue)).failed).toEqual([]);
    expect(running.uploads()).toBe(2);
    expect((await poll(running, queue)).received).toEqual([]);
  });

  it('hides a message for less than 12 hours, however long the wait', async () => {
    const running = await startSubmitFile();
    const { queue } = await running.engines.createQueues(2);
    await send(running, queue, eventOf(await running.put('file', fresh())));
    running.simulator.fault({ ...quota, retryAfter: 999_999 });
    expect((await poll(running, queue)).failed).toHaveLength(1);
    expect(running.engines.waits).toEqual([{ action: 'ChangeMessageVisibility', seconds: 42_000 }]);
  });

  it('still reports a message whose queue is gone', async () => {
    const running = await startSubmitFile();
    const { queue } = await running.engines.createQueues(2);
    await send(running, queue, eventOf(await running.put('file', fresh())));
    running.simulator.fault(quota);
    const gone = { ...queue, arn: queue.arn.replace('events', 'gone') };
    expect((await poll(running, gone)).failed).toHaveLength(1);
  });
});

describe('a message that another invocation is handling', () => {
  it('waits until that one has ended at the latest', async () => {
    const running = await startSubmitFile();
    const { queue } = await running.engines.createQueues(2);
    const object = await running.put('file', fresh());
    const { claims, claim } = await leaveClaim(running, object, 0, 600_000);
    await send(running, queue, eventOf(object));
    expect((await poll(running, queue)).failed).toHaveLength(1);
    const [wait] = running.engines.waits;
    expect(wait?.action).toBe('ChangeMessageVisibility');
    expect(wait?.seconds).toBeGreaterThan(500);
    expect(wait?.seconds).toBeLessThanOrEqual(600);
    await claims.release(claim, false, { deadline: Date.now() + 10_000 });
    expect((await poll(running, queue)).failed).toEqual([]);
    expect(running.uploads()).toBe(1);
  });
});

describe('an invocation with no time left', () => {
  it('has the rest of its batch come back at once, untried', async () => {
    const running = await startSubmitFile();
    const { queue, deadLetters } = await running.engines.createQueues(2);
    await send(running, queue, eventOf(await running.put('file', fresh())));
    for (let round = 0; round < 5; round += 1) {
      expect((await poll(running, queue, 4_000)).received).toHaveLength(1);
    }
    expect(running.simulator.requests).toEqual([]);
    expect(running.engines.waits.map(({ seconds }) => seconds)).toEqual([0, 0, 0, 0, 0]);
    expect(await receive(running.engines.sqs, deadLetters)).toEqual([]);
    expect((await poll(running, queue)).failed).toEqual([]);
    expect(running.uploads()).toBe(1);
  });
});
