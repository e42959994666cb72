/** Distributed Maps, which run in this process, and the tasks around them. */
import { expect, it } from 'vitest';
import { createClock } from '../../src/clock.ts';
import type { State, Workflow } from '../../src/step-functions/definition.ts';
import { localNotes } from '../../src/step-functions/description.ts';
import { StepFunctionsEngine } from '../../src/step-functions/engine.ts';
import type { ObjectStore } from '../../src/step-functions/object-store.ts';
import { StubInvoker } from '../../src/testing/stub-invoker.ts';

const arnOf = (name: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;

/** Ten objects, and what is written. */
function createStore() {
  const written = new Map<string, unknown>();
  const objects: ObjectStore = {
    async list(bucket, prefix, most) {
      if (bucket !== 'b') throw new Error('no such bucket');
      const names = Array.from({ length: 10 }, (_, index) => `${prefix}${index}`);
      return names.slice(0, most).map((Key) => ({
        Key,
        Etag: '"e"',
        LastModified: 1,
        Size: 1,
        StorageClass: 'STANDARD',
      }));
    },
    async put(bucket, key, text) {
      written.set(`${bucket}/${key}`, JSON.parse(text));
    },
  };
  return { objects, written };
}

const pass: Workflow = { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } };

function mapOf(fields: object, processor: Workflow = pass): State {
  return {
    Type: 'Map',
    Label: 'Items',
    ItemReader: {
      Resource: 'arn:aws:states:::s3:listObjectsV2',
      Parameters: { 'Bucket.$': '$.bucket', Prefix: 'p/' },
      ReaderConfig: { MaxItemsPath: '$.limit' },
    },
    ItemProcessor: {
      ...processor,
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    },
    End: true,
    ...fields,
  };
}

function start(map: State, input: object, others: Readonly<Record<string, Workflow>> = {}) {
  const store = createStore();
  const definitions = { Main: { StartAt: 'M', States: { M: map } }, ...others };
  const engine = new StepFunctionsEngine({
    stateMachines: Object.entries(definitions).map(([name, definition]) => ({
      arn: arnOf(name),
      name,
      definition,
      objects: store.objects,
    })),
    invoker: new StubInvoker({}),
    clock: createClock(1000),
  });
  const { executionArn } = engine.startExecution({
    stateMachineArn: arnOf('Main'),
    input: JSON.stringify({ bucket: 'b', limit: 100, ...input }),
  });
  return { engine, executionArn, ...store };
}

async function run(...args: Parameters<typeof start>) {
  const { engine, executionArn, written } = start(...args);
  const { status, output, error, cause } = await engine.ended(executionArn);
  return { status, error, cause, output: JSON.parse(output ?? 'null'), written, engine };
}

it('runs a child execution for each batch, as many items as the limit says', async () => {
  const batcher = { MaxItemsPerBatch: 4, BatchInput: { 'from.$': '$.bucket' } };
  const { output } = await run(mapOf({ ItemBatcher: batcher }), { limit: 9 });
  expect(output.map(({ Items }: { Items: unknown[] }) => Items.length)).toEqual([4, 4, 1]);
  expect(output[0]).toMatchObject({
    BatchInput: { from: 'b' },
    Items: [{ Key: 'p/0', Etag: '"e"', Size: 1 }, {}, {}, {}],
  });
});

it('keeps batches below their limit of bytes', async () => {
  const { output } = await run(mapOf({ ItemBatcher: { MaxInputBytesPerBatch: 200 } }), {});
  expect(output.flatMap(({ Items }: { Items: unknown[] }) => Items)).toHaveLength(10);
  for (const batch of output) expect(JSON.stringify(batch).length).toBeLessThanOrEqual(200);
});

it('writes results and a manifest as AWS does', async () => {
  const writer = {
    Resource: 'arn:aws:states:::s3:putObject',
    Parameters: { Bucket: 'r', Prefix: 'x' },
  };
  const { output, written } = await run(mapOf({ ResultWriter: writer }), { limit: 2 });
  const { Bucket, Key } = output.ResultWriterDetails;
  expect(output.MapRunArn).toMatch(
    /^arn:aws:states:us-east-1:000000000000:mapRun:Main\/Items:[\w-]{36}$/,
  );
  expect(Key).toMatch(/^x\/[\w-]{36}\/manifest\.json$/);
  const manifest: unknown = written.get(`${Bucket}/${Key}`);
  expect(manifest).toMatchObject({
    DestinationBucket: 'r',
    ResultFiles: { FAILED: [], PENDING: [] },
  });
  const results = written.get(`r/${Key.replace('manifest', 'SUCCEEDED_0')}`);
  expect(results).toMatchObject([
    { Status: 'SUCCEEDED', ExecutionArn: expect.stringContaining(':execution:Main/Items:') },
    { Output: expect.stringContaining('p/1') },
  ]);
});

const failing: Workflow = {
  StartAt: 'Which?',
  States: {
    'Which?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.Key', StringEquals: 'p/3', Next: 'Bad' }],
      Default: 'Good',
    },
    Bad: { Type: 'Fail', Error: 'Oops' },
    Good: { Type: 'Pass', End: true },
  },
};

it('fails with a named error if more items fail than are tolerated', async () => {
  const one = await run(mapOf({}, failing), {});
  expect(one).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' });
  const other = await run(mapOf({ ToleratedFailurePercentage: 10 }, failing), {});
  expect(other.status).toBe('SUCCEEDED');
});

it('fails with a named error if the objects cannot be listed', async () => {
  expect(await run(mapOf({}), { bucket: 'other' })).toMatchObject({
    error: 'States.ItemReaderFailed',
    cause: 'Error: no such bucket',
  });
});

const waiting: Workflow = {
  StartAt: 'W',
  States: { W: { Type: 'Wait', Seconds: 900_000, End: true } },
};
const nested: Workflow = {
  StartAt: 'N',
  States: {
    N: {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Parameters: { StateMachineArn: arnOf('Other'), 'Name.$': '$.name', Input: { a: 1 } },
      End: true,
    },
  },
};

it('stops child and nested executions with the execution that waits for them', async () => {
  const child = structuredClone(nested);
  Object.assign(child.States.N ?? {}, { Parameters: { StateMachineArn: arnOf('Other') } });
  const { engine, executionArn } = start(mapOf({}, child), { limit: 2 }, { Other: waiting });
  while (engine.listExecutions(arnOf('Other')).length < 2) await new Promise(setImmediate);
  await engine.stopExecution(executionArn);
  const ends = engine.listExecutions(arnOf('Other')).map((one) => engine.ended(one.executionArn));
  expect(await Promise.all(ends)).toMatchObject([{ status: 'ABORTED' }, { status: 'ABORTED' }]);
});

it('gives the parsed output of a nested execution, and names what goes wrong', async () => {
  const engine = new StepFunctionsEngine({
    stateMachines: [
      { arn: arnOf('Main'), name: 'Main', definition: nested },
      { arn: arnOf('Other'), name: 'Other', definition: pass },
    ],
    invoker: new StubInvoker({}),
    clock: createClock(1),
  });
  const execute = async () => {
    const input = JSON.stringify({ name: 'same' });
    const { executionArn } = engine.startExecution({ stateMachineArn: arnOf('Main'), input });
    return engine.ended(executionArn);
  };
  const first = await execute();
  expect(JSON.parse(first.output ?? '')).toMatchObject({ Name: 'same', Output: { a: 1 } });
  expect(await execute()).toMatchObject({ error: 'StepFunctions.ExecutionAlreadyExistsException' });
});

it('says that the Map runs in this process', () => {
  const machine = { name: 'Main', definition: { StartAt: 'M', States: { M: mapOf({}) } } };
  expect(localNotes([machine])).toEqual([
    'the distributed Map "M" of Main runs in this process; its child executions are not listed',
  ]);
});
