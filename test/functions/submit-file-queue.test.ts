import { randomUUID } from 'node:crypto';
import { DeleteMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Workflow } from '@local/cloud/step-functions';
import { describe, expect, it } from 'vitest';
import { receive, startPlaybook, type TestQueue } from '../support/aws-engines.ts';
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

/** Starts the function with a playbook and a queue. */
async function startWithPlaybook(definition?: Workflow) {
  const playbook = await startPlaybook(definition);
  const running = await startSubmitFile({ environment: playbook.environment });
  const queues = await running.engines.createQueues(5);
  const executions = () => playbook.engine.listExecutions(playbook.arn).toReversed();
  const inputs = () => executions().map(({ input }) => JSON.parse(input));
  return { running, playbook, ...queues, executions, inputs };
}

describe('an exceeded quota', () => {
  it('hides the messages at first, untried, and hands them over before their receives run out', async () => {
    const { running, queue, deadLetters, executions, inputs } = await startWithPlaybook();
    const { engines, simulator } = running;
    const one = notificationOf(await running.put('one', fresh()));
    const two = eventOf(await running.put('two', fresh()));
    await send(running, queue, one, two);
    simulator.fault({ ...quota, retryAfter: 60 });
    for (const failed of [2, 2, 0]) {
      const before = simulator.requests.length;
      expect((await poll(running, queue)).failed).toHaveLength(failed);
      // The rest of the batch is not tried after the first failure.
      const lookups = simulator.requests.slice(before).filter(({ path }) => /files/.test(path));
      expect(lookups).toHaveLength(1);
      await running.table.forgetQuota();
    }
    const hidden = { action: 'ChangeMessageVisibility', seconds: 60 };
    expect(engines.waits).toEqual([hidden, hidden, hidden, hidden]);
    expect((await poll(running, queue)).received).toEqual([]);
    expect(await receive(engines.sqs, deadLetters)).toEqual([]);
    // The events as they were, so that their claims hold.
    expect(inputs()).toEqual(expect.arrayContaining([one, two]));
    expect(executions()).toHaveLength(2);
    for (const { name } of executions()) expect(name).toMatch(/^queue-[0-9a-f]{64}$/);
    simulator.reset();
    for (const input of inputs()) await running.invoke(input);
    expect(running.uploads()).toBe(2);
  });

  it.each([1_201, 86_400, 999_999])('of %i s hands a message over at once', async (retryAfter) => {
    const { running, queue, inputs } = await startWithPlaybook();
    const event = eventOf(await running.put('file', fresh()));
    await send(running, queue, { Type: 'Notification', Message: JSON.stringify(event) });
    running.simulator.fault({ ...quota, retryAfter });
    expect((await poll(running, queue)).failed).toEqual([]);
    expect(running.engines.waits).toEqual([]);
    expect(inputs()).toEqual([event]);
  });

  it('hands over each record that waits, skips what is empty, and reports what failed', async () => {
    const { running, queue, inputs, executions } = await startWithPlaybook();
    const [one, empty, two] = [
      await running.put('one', fresh()),
      await running.put('empty', ''),
      await running.put('two', fresh()),
    ];
    const mixed = withMalformed(notificationOf(one, empty, two));
    await send(running, queue, mixed, { Event: 's3:TestEvent' }, 'not an event');
    running.simulator.fault(quota);
    expect((await poll(running, queue)).failed).toHaveLength(2);
    const [, first, , third] = mixed.Records;
    expect(inputs()).toEqual([{ Records: [first] }, { Records: [third] }]);
    // A redelivery finds the executions that it started.
    expect((await poll(running, queue)).received).toHaveLength(2);
    expect(executions()).toHaveLength(2);
  });

  it.each([
    ['still runs', undefined],
    ['has ended', { StartAt: 'End', States: { End: { Type: 'Succeed' } } }],
  ])('finds the execution that an earlier receipt started, if it %s', async (_, definition) => {
    const { running, playbook, queue, executions } = await startWithPlaybook(definition);
    await send(running, queue, eventOf(await running.put('file', fresh())));
    running.simulator.fault(quota);
    const received = await receive(running.engines.sqs, queue);
    for (let round = 0; round < 2; round += 1) {
      expect(await running.invoke({ Records: received })).toEqual({ batchItemFailures: [] });
      const [execution] = executions();
      if (definition && execution) await playbook.engine.ended(execution.executionArn);
    }
    expect(executions()).toHaveLength(1);
  });

  it.each(['events', 'events.fifo'])('hands over messages of the queue %s', async (name) => {
    const { running, queue, inputs } = await startWithPlaybook();
    const event = eventOf(await running.put('file', fresh()));
    await send(running, queue, event);
    running.simulator.fault(quota);
    const renamed = { ...queue, arn: queue.arn.replace('events', name) };
    expect((await poll(running, renamed)).failed).toEqual([]);
    expect(inputs()).toEqual([event]);
  });

  it('reports a message whose playbook cannot be started, or whose queue is gone', async () => {
    const playbook = await startPlaybook();
    const SUBMIT_FILE_STATE_MACHINE_ARN = `${playbook.arn}-gone`;
    const environment = { ...playbook.environment, SUBMIT_FILE_STATE_MACHINE_ARN };
    const running = await startSubmitFile({ environment });
    const { queue } = await running.engines.createQueues(5);
    await send(running, queue, eventOf(await running.put('file', fresh())));
    running.simulator.fault({ ...quota, times: 1 });
    expect((await poll(running, queue)).failed).toHaveLength(1);
    expect(running.engines.waits).toEqual([]);
    await running.table.forgetQuota();
    running.simulator.fault({ ...quota, retryAfter: 60, times: 1 });
    const gone = { ...queue, arn: queue.arn.replace('events', 'gone') };
    expect((await poll(running, gone)).failed).toHaveLength(1);
    await running.table.forgetQuota();
    expect((await poll(running, queue)).failed).toEqual([]);
  });

  it('hides a message for less than 12 hours if there is no playbook', async () => {
    const running = await startSubmitFile();
    const { queue } = await running.engines.createQueues(5);
    await send(running, queue, eventOf(await running.put('file', fresh())));
    running.simulator.fault({ ...quota, retryAfter: 999_999 });
    expect((await poll(running, queue)).failed).toHaveLength(1);
    expect(running.engines.waits).toEqual([{ action: 'ChangeMessageVisibility', seconds: 42_000 }]);
  });
});

describe('a message that another invocation is handling', () => {
  it('waits until that one has ended at the latest', async () => {
    const running = await startSubmitFile();
    const { queue } = await running.engines.createQueues(5);
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
  it('has the rest of its batch come back at once, untried, and later hands it over', async () => {
    const { running, queue, deadLetters, inputs } = await startWithPlaybook();
    const event = eventOf(await running.put('file', fresh()));
    await send(running, queue, event);
    for (const failed of [1, 1, 0]) {
      expect((await poll(running, queue, 4_000)).failed).toHaveLength(failed);
    }
    expect(running.simulator.requests).toEqual([]);
    expect(running.engines.waits.map(({ seconds }) => seconds)).toEqual([0, 0]);
    expect(await receive(running.engines.sqs, deadLetters)).toEqual([]);
    expect(inputs()).toEqual([event]);
  });
});
