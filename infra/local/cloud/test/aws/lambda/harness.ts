/** Lambda's API with one function, for tests. */
import { InvokeCommand, type InvokeCommandInput, LambdaClient } from '@aws-sdk/client-lambda';
import { onTestFinished } from 'vitest';
import {
  createAsyncInvocations,
  type DroppedInvocation,
} from '../../../src/aws/lambda/async-invocations.ts';
import { createLambdaApi } from '../../../src/aws/lambda/lambda.ts';
import type { Clock } from '../../../src/clock.ts';
import type { InvocationResult, LocalFunction } from '../../../src/types.ts';
import { serve } from '../serve.ts';

/** ARN of the function. */
export const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:Echo';

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

/** Serves one function, which returns the results in turn, then echoes its payload. */
export async function start(results: (InvocationResult | Error)[] = [], sleep?: Clock['sleep']) {
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
  const service = createLambdaApi({ functions: [echo], invoker, asyncInvocations });
  const { options, recorder } = await serve(service);
  const client = new LambdaClient(options);
  const invoke = (input: Partial<InvokeCommandInput> = {}) =>
    client.send(new InvokeCommand({ FunctionName: 'Echo', ...input }));
  return { client, invoke, invoked, waits, dropped, asyncInvocations, recorder };
}

/** A failed invocation. */
export const failed = (errorMessage: string): InvocationResult => ({
  status: 'failed',
  error: { errorType: 'SomeError', errorMessage, trace: ['SomeError: x'] },
});
