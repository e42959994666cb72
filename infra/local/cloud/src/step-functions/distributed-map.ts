/**
 * Runs a distributed Map in this process: it lists the objects, and runs a child execution for each batch.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
import { randomUUID } from 'node:crypto';
import { isRecord } from '../json.ts';
import { readWorkflow, type State } from './definition.ts';
import type { Execution } from './execution.ts';
import { type MapResult, writeResults } from './map-results.ts';
import type { ObjectStore } from './object-store.ts';
import { follow } from './reference-path.ts';
import type { ChildRequest } from './start.ts';
import { StateError } from './state-error.ts';

/** What a Map Run needs of its execution. */
export interface MapRunOptions {
  readonly objects: ObjectStore;
  /** ARN of the state machine. */
  readonly machineArn: string;
  /** Runs a child execution to its end. */
  runChild(child: ChildRequest): Promise<Execution>;
  readonly signal: AbortSignal;
}

/** Counts of a Map Run, as DescribeMapRun gives them. */
export interface Counts {
  readonly Total: number;
  readonly Succeeded: number;
  readonly Failed: number;
}

/** A Map Run that has ended. */
export interface MapRun {
  readonly arn: string;
  readonly items: Counts;
  readonly executions: Counts;
  /** Output of the state. */
  readonly output: unknown;
}

/**
 * Runs the state.
 *
 * @throws StateError as AWS names it, for example `States.ItemReaderFailed`
 */
export async function runDistributedMap(
  state: State,
  input: unknown,
  options: MapRunOptions,
): Promise<MapRun> {
  const label = typeof state.Label === 'string' ? state.Label : randomUUID();
  const id = randomUUID();
  const machine = `${options.machineArn}/${label}`;
  const arn = `${machine.replace(':stateMachine:', ':mapRun:')}:${id}`;
  const items = await readItems(state, input, options);
  const batches = batchesOf(state, input, items);
  const definition = readWorkflow(state.ItemProcessor);
  const results: MapResult[] = [];
  const waiting = [...batches];
  const worker = async () => {
    for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
      options.signal.throwIfAborted();
      const child = { machineArn: machine, name: randomUUID(), definition, input: batch.input };
      const execution = await options.runChild(child);
      results.push({ execution, items: batch.size });
      checkTolerance(state, results, items.length);
    }
  };
  const most = Number(state.MaxConcurrency) || batches.length;
  await Promise.all(Array.from({ length: Math.min(most, batches.length) }, worker));
  const output = await writeResults(state, { arn, id, results }, options.objects);
  return {
    arn,
    items: countsOf(results, ({ items: count }) => count),
    executions: countsOf(results, () => 1),
    output,
  };
}

async function readItems(
  state: State,
  input: unknown,
  { objects }: MapRunOptions,
): Promise<readonly unknown[]> {
  const { Parameters, ReaderConfig } = fieldsOf(state.ItemReader);
  const { Bucket: bucket, Prefix: prefix = '' } = fieldsOf(fill(Parameters, input));
  const { MaxItems, MaxItemsPath: path } = fieldsOf(ReaderConfig);
  const most = typeof path === 'string' ? follow(path, input) : MaxItems;
  try {
    return await objects.list(String(bucket), String(prefix), Number(most ?? Infinity));
  } catch (error) {
    const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new StateError('States.ItemReaderFailed', cause);
  }
}

interface Batch {
  readonly input: unknown;
  /** Items. */
  readonly size: number;
}

/** Without a batcher, each item is the input of a child execution. */
function batchesOf(
  { ItemBatcher: batcher }: State,
  input: unknown,
  items: readonly unknown[],
): Batch[] {
  if (batcher === undefined) return items.map((item) => ({ input: item, size: 1 }));
  const { MaxItemsPerBatch, MaxInputBytesPerBatch, BatchInput } = fieldsOf(batcher);
  const most = Number(MaxItemsPerBatch ?? Infinity);
  const mostBytes = Number(MaxInputBytesPerBatch ?? 262_144);
  const common = BatchInput === undefined ? {} : { BatchInput: fill(BatchInput, input) };
  const groups: unknown[][] = [];
  let bytes = 0;
  for (const item of items) {
    const length = Buffer.byteLength(JSON.stringify(item)) + 1;
    const last = groups.at(-1);
    if (last && last.length < most && bytes + length <= mostBytes) last.push(item);
    else {
      groups.push([item]);
      bytes = Buffer.byteLength(JSON.stringify({ ...common, Items: [] }));
    }
    bytes += length;
  }
  return groups.map((Items) => ({ input: { ...common, Items }, size: Items.length }));
}

function checkTolerance(
  { ToleratedFailureCount: count, ToleratedFailurePercentage: percentage }: State,
  results: readonly MapResult[],
  total: number,
): void {
  const failed = countsOf(results, ({ items }) => items).Failed;
  const isTolerated =
    count === undefined && percentage === undefined
      ? failed === 0
      : failed <= Number(count ?? Infinity) && (100 * failed) / total <= Number(percentage ?? 100);
  if (isTolerated) return;
  throw new StateError(
    'States.ExceedToleratedFailureThreshold',
    'The specified tolerated failure threshold was exceeded',
  );
}

function countsOf(results: readonly MapResult[], count: (result: MapResult) => number): Counts {
  const sum = (of: readonly MapResult[]) => of.reduce((total, result) => total + count(result), 0);
  const succeeded = sum(results.filter(({ execution }) => execution.status === 'SUCCEEDED'));
  const total = sum(results);
  return { Total: total, Succeeded: succeeded, Failed: total - succeeded };
}

/** Fills a payload template, whose paths are reference paths. */
function fill(template: unknown, input: unknown): unknown {
  if (!isRecord(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith('.$')
        ? [key.slice(0, -2), follow(String(value), input)]
        : [key, fill(value, input)],
    ),
  );
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
