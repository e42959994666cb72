/** Polls a queue and invokes a function with its messages, as an event source mapping of Lambda does. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { LocalEventSource } from '../template/views/event-sources.ts';
import type { InvocationResult, Invoker } from '../types.ts';
import { type BatchResult, batchResult } from './batch-result.ts';
import { type Collection, collect } from './collect.ts';
import { PolledQueue } from './queue.ts';
import type { SqsRecord } from './record.ts';

/** What a poller did with a batch, or why it received none. */
export interface BatchReport {
  readonly queueArn: string;
  readonly functionArn: string;
  /** Number of messages. */
  readonly received: number;
  /** Number of messages that stay in the queue until their visibility timeout ends. */
  readonly failed: number;
  /** Why all of them failed, or why nothing was received. */
  readonly error?: string;
}

export interface PollerOptions {
  readonly source: LocalEventSource;
  /** URL of the queue, and of the endpoint that serves it. */
  readonly queueUrl: string;
  readonly awsUrl: string;
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly onBatch?: (report: BatchReport) => void;
}

/** Stops polling, and waits for the batches in flight. */
export type StopPoller = () => Promise<void>;

/** Concurrent invocations of a mapping without MaximumConcurrency. */
const MAX_CONCURRENCY = 10;

/** Pause after a receive that failed, milliseconds of real time. */
const RETRY_MS = 5000;

/** Polls until it is stopped. */
export function startPoller(options: PollerOptions): StopPoller {
  const { source, queueUrl: url, awsUrl: endpoint, clock } = options;
  const region = source.queueArn.split(':')[3] ?? '';
  const queue = new PolledQueue({ url, endpoint, region, principal: source.roleId });
  const stopping = new AbortController();
  const { queueArn, batchSize, batchingWindowMs: windowMs } = source;
  const polling = poll(options, { queue, queueArn, batchSize, windowMs, clock }, stopping.signal);
  return async () => {
    stopping.abort();
    await polling;
    queue.close();
  };
}

async function poll(
  options: PollerOptions,
  collection: Collection,
  signal: AbortSignal,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const most = options.source.maximumConcurrency ?? MAX_CONCURRENCY;
  // Messages that cannot be processed yet stay in the queue, for others to receive.
  const free = async () => {
    while (running.size >= most) await Promise.race(running);
  };
  while (!signal.aborted) {
    await free();
    for (const batch of await batches(options, collection, signal)) {
      await free();
      if (signal.aborted) break;
      const ended = handle(options, collection.queue, batch).finally(() => running.delete(ended));
      running.add(ended);
    }
  }
  await Promise.all(running);
}

/** Receives; a failure is reported, and polling goes on after a pause. */
async function batches(
  { source, onBatch }: PollerOptions,
  collection: Collection,
  signal: AbortSignal,
): Promise<SqsRecord[][]> {
  try {
    return await collect(collection, signal);
  } catch (error) {
    if (signal.aborted) return [];
    const { queueArn, functionArn } = source;
    onBatch?.({ queueArn, functionArn, received: 0, failed: 0, error: messageOf(error) });
    await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    return [];
  }
}

/** Invokes the function, and deletes what it has processed. */
async function handle(
  { source, invoker, onBatch }: PollerOptions,
  queue: PolledQueue,
  batch: readonly SqsRecord[],
): Promise<void> {
  const { queueArn, functionArn, reportsBatchItemFailures } = source;
  const ids = batch.map(({ messageId }) => messageId);
  const result = await invoke(invoker, functionArn, batch);
  const { failedIds, error } = await deleted(
    queue,
    batch,
    batchResult(result, ids, reportsBatchItemFailures),
  );
  const failed = failedIds.size;
  onBatch?.({ queueArn, functionArn, received: batch.length, failed, ...(error && { error }) });
}

async function deleted(
  queue: PolledQueue,
  batch: readonly SqsRecord[],
  result: BatchResult,
): Promise<BatchResult> {
  const done = batch.filter(({ messageId }) => !result.failedIds.has(messageId));
  try {
    await queue.delete(done.map(({ receiptHandle }) => receiptHandle));
    return result;
  } catch (error) {
    const failedIds = new Set(batch.map(({ messageId }) => messageId));
    return { failedIds, error: messageOf(error) };
  }
}

async function invoke(
  invoker: Invoker,
  functionArn: string,
  batch: readonly SqsRecord[],
): Promise<InvocationResult> {
  try {
    const traceHeaders = batch.map(({ attributes }) => attributes.AWSTraceHeader);
    return await invoker.invoke(functionArn, JSON.stringify({ Records: batch }), traceHeaders);
  } catch (error) {
    const errorType = error instanceof Error ? error.name : 'Error';
    return { status: 'failed', error: { errorType, errorMessage: messageOf(error) } };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
