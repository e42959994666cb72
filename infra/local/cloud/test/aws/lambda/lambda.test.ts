import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import { ARN, failed, start } from './harness.ts';

it("accepts a function's name or ARN, and records the ARN", async () => {
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

it('treats a missing payload as an empty object', async () => {
  const { invoke, invoked } = await start();
  await invoke();
  expect(invoked).toEqual(['Echo {}']);
});

it('returns the error of a function with status 200', async () => {
  const { invoke } = await start([failed('wrong')]);
  const answer = await invoke();
  expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  expect(JSON.parse(answer.Payload?.transformToString() ?? '')).toEqual({
    errorType: 'SomeError',
    errorMessage: 'wrong',
    trace: ['SomeError: x'],
  });
});

it('returns the errors of Lambda', async () => {
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

it('accepts 6 MiB for a synchronous and 1 MiB for an asynchronous invocation, and no more', async () => {
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

it('does not invoke in a dry run', async () => {
  const { invoke, invoked } = await start();
  expect(await invoke({ InvocationType: 'DryRun' })).toMatchObject({ StatusCode: 204 });
  expect(invoked).toEqual([]);
});

it('describes functions without their environment', async () => {
  const { client, recorder } = await start();
  const configuration = { FunctionName: 'Echo', FunctionArn: ARN, Timeout: 30, MemorySize: 256 };
  const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName: 'Echo' }));
  expect(
    await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'Echo' })),
  ).toMatchObject({ FunctionName: 'Echo', MemorySize: Configuration?.MemorySize });
  expect(Configuration).toMatchObject(configuration);
  const { Functions } = await client.send(new ListFunctionsCommand({}));
  expect(Functions).toMatchObject([configuration]);
  expect(JSON.stringify([Configuration, Functions])).not.toContain('not-to-be-seen');
  expect(recorder.take()).toEqual([
    `lambda:GetFunction ${ARN} 200`,
    `lambda:GetFunctionConfiguration ${ARN} 200`,
    'lambda:ListFunctions * 200',
  ]);
  await expect(client.send(new GetFunctionCommand({ FunctionName: 'No' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
