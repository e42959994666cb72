/** Delivers events to a function again and again, as queues and AWS do, until each is answered. */
import type { TestStack } from './running-stack.ts';

/** Messages of one batch at most. */
const BATCH = 8;
/** Invocations at once. */
const AT_ONCE = 3;
/** Between two deliveries of the same event, milliseconds of the run's clock. */
const PAUSE_MS = 60_000;

/** A message of a queue, as Lambda gives it to a function. */
export interface Message {
  readonly messageId: string;
  readonly body: string;
}

/** What is delivered. */
export interface Deliveries {
  /** Come in batches, of which those that failed come again. */
  readonly messages: readonly Message[];
  /** Come each by itself, again when the function failed or asked to wait. */
  readonly events: readonly unknown[];
}

let messages = 0;

/** A separate message. */
export function messageOf(body: unknown): Message {
  messages += 1;
  return { messageId: `message-${messages}`, body: JSON.stringify(body) };
}

/**
 * Delivers until every message is answered.
 *
 * @param name - of the function, as in `invoke`
 * @returns answers to the events, in their order
 */
export async function deliverAll(
  { lambda, clock }: Pick<TestStack, 'lambda' | 'clock'>,
  name: string,
  deliveries: Deliveries,
): Promise<unknown[]> {
  const answers = new Map<unknown, unknown>();
  const invoke = async (event: unknown): Promise<unknown> => {
    const result = await lambda.invoke(name, JSON.stringify(event));
    return result.status === 'succeeded' ? JSON.parse(result.payload) : undefined;
  };
  let left = deliveries.messages;
  let events = deliveries.events;
  const deliverBatch = async (batch: readonly Message[]) => {
    const failed = failuresOf(await invoke({ Records: batch.map(recordOf) }), batch);
    left = left.filter((message) => !batch.includes(message) || failed.has(message.messageId));
  };
  const deliver = async (event: unknown) => {
    const answer = await invoke(event);
    if (isAnswered(answer)) answers.set(event, answer);
  };
  for (;;) {
    const work = [
      ...batchesOf(left).map((batch) => () => deliverBatch(batch)),
      ...events.map((event) => () => deliver(event)),
    ];
    const next = async () => {
      for (let one = work.shift(); one; one = work.shift()) await one();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    events = events.filter((event) => !answers.has(event));
    if (left.length === 0 && events.length === 0) {
      return deliveries.events.map((event) => answers.get(event));
    }
    await clock.sleep(PAUSE_MS);
  }
}

function batchesOf(all: readonly Message[]): Message[][] {
  const starts = Array.from({ length: Math.ceil(all.length / BATCH) }, (_, n) => n * BATCH);
  return starts.map((start) => all.slice(start, start + BATCH));
}

/** A message as one of a batch. Its queue is not there: what would be held back comes again at once. */
export function recordOf({ messageId, body }: Message) {
  return {
    messageId,
    receiptHandle: messageId,
    body,
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:not-there',
    awsRegion: 'us-east-1',
  };
}

/** A batch without an answer has failed as a whole. */
function failuresOf(answer: unknown, batch: readonly Message[]): Set<unknown> {
  if (!hasField(answer, 'batchItemFailures') || !Array.isArray(answer.batchItemFailures)) {
    return new Set(batch.map(({ messageId }) => messageId));
  }
  return new Set(
    answer.batchItemFailures.map((failure: { itemIdentifier: unknown }) => failure.itemIdentifier),
  );
}

/** An outcome `in-progress` asks to come again. */
function isAnswered(answer: unknown): boolean {
  if (answer === undefined) return false;
  return !hasField(answer, 'retryAfterSeconds') || answer.retryAfterSeconds === null;
}

function hasField<Name extends string>(value: unknown, name: Name): value is Record<Name, unknown> {
  return typeof value === 'object' && value !== null && name in value;
}
