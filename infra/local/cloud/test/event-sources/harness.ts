/** A poller on a real queue, with a stub function. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { startAwsEndpoint } from '../../src/aws/http/endpoint.ts';
import { createSqs } from '../../src/aws/sqs/sqs.ts';
import { createClock } from '../../src/clock.ts';
import { type BatchReport, startPoller } from '../../src/event-sources/poller.ts';
import type { LocalEventSource } from '../../src/template/views/event-sources.ts';
import { RecordedCalls } from '../../src/testing/recorded-calls.ts';
import { type StubFunction, StubInvoker } from '../../src/testing/stub-invoker.ts';

export const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:work';
export const DEAD_ARN = 'arn:aws:sqs:us-east-1:000000000000:dead';

/** A record of an event. */
export interface TestRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Bodies of a batch. */
export const bodiesOf = (event: { Records: TestRecord[] }) => event.Records.map(({ body }) => body);

/** Serves SQS with the queues `work` and `dead`. */
export async function serveQueue(attributes: Record<string, string> = {}, speed = 1) {
  const clock = createClock(speed);
  const recorder = new RecordedCalls();
  const endpoint = await startAwsEndpoint({ services: [await createSqs(clock)], recorder });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'x' };
  const sqs = new SQSClient({ endpoint: endpoint.url, region: 'us-east-1', credentials });
  onTestFinished(async () => {
    sqs.destroy();
    await endpoint.close();
  });
  const create = async (QueueName: string, Attributes: Record<string, string> = {}) =>
    (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
  const dead = await create('dead');
  const isFifo = attributes.FifoQueue === 'true';
  const url = await create(isFifo ? 'work.fifo' : 'work', attributes);
  return {
    clock,
    recorder,
    awsUrl: endpoint.url,
    url,
    dead,
    send: (MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
      sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody, ...more })),
    async receive(QueueUrl = url, WaitTimeSeconds = 0): Promise<Message[]> {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        WaitTimeSeconds,
        MessageSystemAttributeNames: ['All'],
      });
      return (await sqs.send(command)).Messages ?? [];
    },
    /** Messages that are visible, and those that are not. */
    async count() {
      const AttributeNames = [
        'ApproximateNumberOfMessages' as const,
        'ApproximateNumberOfMessagesNotVisible' as const,
      ];
      const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames });
      return Object.values((await sqs.send(command)).Attributes ?? {}).map(Number);
    },
  };
}

export type Served = Awaited<ReturnType<typeof serveQueue>>;

/** Polls until the test ends. */
export function startTestPoller(
  { awsUrl, url, clock }: Served,
  work: StubFunction,
  source: Partial<LocalEventSource> = {},
) {
  const invoker = new StubInvoker({ work });
  const reports: BatchReport[] = [];
  const stop = startPoller({
    source: {
      logicalId: 'Source',
      queueArn: QUEUE_ARN,
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:work',
      roleId: 'WorkRole',
      isEnabled: true,
      batchSize: 10,
      batchingWindowMs: 0,
      reportsBatchItemFailures: true,
      ...source,
    },
    queueUrl: url,
    awsUrl,
    invoker,
    clock,
    onBatch: (report) => reports.push(report),
  });
  onTestFinished(stop);
  return { invoker, reports, stop };
}

/** Waits for a condition, ten seconds at most. */
export async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error('not so within 10 s');
    await sleep(10);
  }
}
