/** Collects messages into batches that a function can be invoked with. */
import type { Clock } from '../clock.ts';
import type { PolledQueue } from './queue.ts';
import { recordOf, type SqsRecord } from './record.ts';

/** Long polling, seconds of real time: the longest that SQS allows. */
const LONG_POLL_SECONDS = 20;

/** Longest event of an invocation, less its `Records`, bytes. */
const MAX_BATCH_BYTES = 6 * 2 ** 20 - 20;

/** How batches are collected. */
export interface Collection {
  readonly queue: PolledQueue;
  readonly queueArn: string;
  readonly batchSize: number;
  /** How long to collect once there is a message, milliseconds. */
  readonly windowMs: number;
  readonly clock: Clock;
}

/**
 * Waits for messages, and then for more until the batch or its window ends.
 *
 * @returns batches that fit an event: one, several if the messages are large, or none if there are no messages
 * @throws what the first receive throws
 */
export async function collect(
  { queue, queueArn, batchSize, windowMs, clock }: Collection,
  signal: AbortSignal,
): Promise<SqsRecord[][]> {
  const messages = await queue.receive(batchSize, LONG_POLL_SECONDS, signal);
  const endsAt = clock.now() + windowMs;
  let bytes = 0;
  const records: SqsRecord[] = [];
  const add = (more: typeof messages) => {
    const added = more.map((message) => recordOf(message, queueArn));
    records.push(...added);
    bytes += added.reduce((sum, record) => sum + bytesOf(record), 0);
  };
  add(messages);
  while (records.length > 0 && records.length < batchSize && bytes < MAX_BATCH_BYTES) {
    const leftSeconds = (endsAt - clock.now()) / 1000 / clock.setting.speed;
    if (leftSeconds <= 0) break;
    const more = await queue
      .receive(batchSize - records.length, leftSeconds, signal)
      .catch(() => undefined);
    // What was received is processed even if no more can be.
    if (!more) break;
    add(more);
  }
  return fitting(records);
}

/** Splits records into batches that fit an event. */
function fitting(records: readonly SqsRecord[]): SqsRecord[][] {
  const batches: SqsRecord[][] = [];
  let left = 0;
  for (const record of records) {
    const bytes = bytesOf(record);
    const last = batches.at(-1);
    if (last && bytes <= left) last.push(record);
    else batches.push([record]);
    left = (last && bytes <= left ? left : MAX_BATCH_BYTES) - bytes;
  }
  return batches;
}

/** Bytes of a record in an event, with its comma. */
function bytesOf(record: SqsRecord): number {
  return Buffer.byteLength(JSON.stringify(record)) + 1;
}
