import {
  GetFunctionCommand,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { expect, it, onTestFinished } from 'vitest';
import {
  createAsyncInvocations,
  type DroppedInvocation,
} from '../../src/aws/lambda/async-invocations.ts';
import { createLambdaService } from '../../src/aws/lambda/lambda.ts';
import type { Clock } from '../../src/clock.ts';
import {
  type InvocationResult,
  type LocalFunction,
  UnknownFunctionError,
} from '../../src/types.ts';
import { serve } from './serve.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:Echo';

const echo: LocalFunction = {
  logicalId: 'Echo1234',
  name: 'Echo',
  arn: ARN,
  roleId: 'EchoRole',
  directory: '/nowhere',
  handler: 'index.handler',
  timeoutMs: 30_000,
  memoryMiB: 256,
  environment: { SECRET: 'not-to-be-seen' },
};

/** Serves one function; its results are given, and then it echoes. */
async function start(results: (InvocationResult | Error)[] = [], sleep?: Clock['sleep']) {
  const invoked: string[] = [];
  const waits: number[] = [];
  const dropped: DroppedInvocation[] = [];
  const invoker = {
    async invoke(name: string, payload: string): Promise<InvocationResult> {
      invoked.push(`${name} ${payload.slice(0, 40)}`);
      const result = results.shift() ?? { status: 'succeeded', payload };
      if (result instanceof Error) throw result;
      return result;
    },
  };
  const clock: Clock = {
    setting: { speed: 1, origin: 0 },
    now: () => 0,
    sleep:
      sleep ??
      (async (ms) => {
        waits.push(ms);
      }),
  };
  const asyncInvocations = createAsyncInvocations({
    invoker,
    clock,
    onDropped: (each) => dropped.push(each),
  });
  onTestFinished(() => asyncInvocations.close());
  const service = createLambdaService({ functions: [echo], invoker, asyncInvocations });
  const { options, recorder } = await serve(service);
  const client = new LambdaClient(options);
  const invoke = (input: Partial<InvokeCommandInput> = {}) =>
    client.send(new InvokeCommand({ FunctionName: 'Echo', ...input }));
  return { client, invoke, invoked, waits, dropped, asyncInvocations, recorder };
}

const failed = (errorMessage: string): InvocationResult => ({
  status: 'failed',
  error: { errorType: 'SomeError', errorMessage, trace: ['SomeError: x'] },
});

it('invokes by every kind of name, and records the ARN', async () => {
  const { invoke, invoked, recorder } = await start();
  const names = ['Echo', ARN, `${ARN}:$LATEST`, '000000000000:function:Echo', 'Echo:$LATEST'];
  for (const FunctionName of names) {
    const answer = await invoke({ FunctionName, Payload: '{"a":"é"}' });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(answer).not.toHaveProperty('FunctionError');
    expect(answer.Payload?.transformToString()).toBe('{"a":"é"}');
  }
  expect(invoked).toEqual(names.map(() => 'Echo {"a":"é"}'));
  expect(recorder.take()).toEqual(names.map(() => `lambda:InvokeFunction ${ARN} 200`));
});

it('takes no payload for an empty object', async () => {
  const { invoke, invoked } = await start();
  await invoke();
  expect(invoked).toEqual(['Echo {}']);
});

it('passes on the error of a function, with status 200', async () => {
  const { invoke } = await start([failed('wrong')]);
  const answer = await invoke();
  expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  expect(JSON.parse(answer.Payload?.transformToString() ?? '')).toEqual({
    errorType: 'SomeError',
    errorMessage: 'wrong',
    trace: ['SomeError: x'],
  });
});

it('refuses as Lambda does', async () => {
  const { invoke, invoked, recorder } = await start();
  await expect(invoke({ FunctionName: 'Other' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Function not found: ${ARN.replace('Echo', 'Other')}`,
    $metadata: { httpStatusCode: 404 },
  });
  expect(recorder.take()).toEqual([`lambda:InvokeFunction ${ARN.replace('Echo', 'Other')} 404`]);
  await expect(invoke({ Qualifier: 'live' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: expect.stringContaining(':live'),
  });
  await expect(invoke({ Payload: '{' })).rejects.toMatchObject({
    name: 'InvalidRequestContentException',
    $metadata: { httpStatusCode: 400 },
  });
  expect(invoked).toEqual([]);
});

it('takes 6 MiB at once, and 1 MiB for later, and not a byte more', async () => {
  const { invoke, invoked, asyncInvocations } = await start();
  const payload = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
  const answer = await invoke({ Payload: payload(6 * 2 ** 20) });
  expect(answer.Payload).toHaveLength(6 * 2 ** 20);
  await invoke({ InvocationType: 'Event', Payload: payload(2 ** 20) });
  await asyncInvocations.idle();
  expect(invoked).toHaveLength(2);
  for (const input of [
    { Payload: payload(6 * 2 ** 20 + 1) },
    { InvocationType: 'Event', Payload: payload(2 ** 20 + 1) },
  ] as const) {
    await expect(invoke(input)).rejects.toMatchObject({
      name: 'RequestTooLargeException',
      $metadata: { httpStatusCode: 413 },
    });
  }
  expect(invoked).toHaveLength(2);
});

it('only looks, in a dry run', async () => {
  const { invoke, invoked } = await start();
  expect(await invoke({ InvocationType: 'DryRun' })).toMatchObject({ StatusCode: 204 });
  expect(invoked).toEqual([]);
});

it('answers 202 before the function has run, and tries three times', async () => {
  const { invoke, invoked, waits, dropped, asyncInvocations } = await start([
    failed('one'),
    new Error('the process is gone'),
    failed('three'),
  ]);
  expect(await invoke({ InvocationType: 'Event', Payload: '1' })).toMatchObject({
    StatusCode: 202,
  });
  await asyncInvocations.idle();
  expect(invoked).toHaveLength(3);
  expect(waits).toEqual([60_000, 120_000]);
  expect(dropped).toMatchObject([
    { functionName: 'Echo', attempts: 3, error: { errorMessage: 'three' } },
  ]);
});

it('stops trying when it succeeds, and when the function is gone', async () => {
  const { asyncInvocations, waits, dropped } = await start([
    failed('one'),
    { status: 'succeeded', payload: 'null' },
    new UnknownFunctionError('no such function'),
  ]);
  asyncInvocations.start('Echo', '1');
  await asyncInvocations.idle();
  expect([waits, dropped]).toEqual([[60_000], []]);
  asyncInvocations.start('Gone', '1');
  await asyncInvocations.idle();
  expect(waits).toEqual([60_000]);
  expect(dropped).toMatchObject([{ functionName: 'Gone', attempts: 1 }]);
});

it('drops what waits when it closes', async () => {
  const waiting = Promise.withResolvers<void>();
  const { asyncInvocations, dropped } = await start(
    [failed('one')],
    (_, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
        waiting.resolve();
      }),
  );
  asyncInvocations.start('Echo', '1');
  await waiting.promise;
  await asyncInvocations.close();
  expect(dropped).toMatchObject([{ attempts: 1, error: { errorMessage: 'one' } }]);
});

it('describes functions without their environment', async () => {
  const { client, recorder } = await start();
  const configuration = { FunctionName: 'Echo', FunctionArn: ARN, Timeout: 30, MemorySize: 256 };
  const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName: 'Echo' }));
  expect(Configuration).toMatchObject(configuration);
  const { Functions } = await client.send(new ListFunctionsCommand({}));
  expect(Functions).toMatchObject([configuration]);
  expect(JSON.stringify([Configuration, Functions])).not.toContain('not-to-be-seen');
  expect(recorder.take()).toEqual([`lambda:GetFunction ${ARN} 200`, 'lambda:ListFunctions * 200']);
  await expect(client.send(new GetFunctionCommand({ FunctionName: 'No' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
