import { expect, it } from 'vitest';
import { namedError, StubInvoker } from '../../src/testing/stub-invoker.ts';
import { engineOf, functionArn, resultOf } from './harness.ts';

it('invokes a function by its ARN, and through the Lambda integration', async () => {
  const invoker = new StubInvoker({ Double: ({ n }) => ({ n: n * 2 }) });
  const engine = engineOf(
    {
      Plain: {
        Type: 'Task',
        Resource: functionArn('Double'),
        ResultPath: '$',
        Next: 'Integration',
      },
      Integration: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: functionArn('Double'), 'Payload.$': '$' },
        End: true,
      },
    },
    { invoker },
  );
  expect(await resultOf(engine, { n: 1 })).toMatchObject({
    status: 'SUCCEEDED',
    output: { Payload: { n: 4 }, StatusCode: 200 },
  });
});

it('returns the error type of a function as Error, and the error as JSON in Cause', async () => {
  const invoker = new StubInvoker({
    Fails: () => {
      throw namedError('UpstreamError', 'no sense');
    },
  });
  const task = { Type: 'Task', Resource: functionArn('Fails'), End: true };
  const cause = JSON.stringify({
    errorType: 'UpstreamError',
    errorMessage: 'no sense',
    trace: [],
  });
  expect(await resultOf(engineOf({ Task: task }, { invoker }))).toEqual({
    status: 'FAILED',
    output: null,
    error: 'UpstreamError',
    cause,
  });
  const caught = {
    Task: {
      ...task,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Done' }],
    },
    Done: { Type: 'Succeed' },
  };
  expect(await resultOf(engineOf(caught, { invoker }), { a: 1 })).toMatchObject({
    output: { a: 1, error: { Error: 'UpstreamError', Cause: cause } },
  });
});

it('retries errors of a given name, and waits on the scaled clock', async () => {
  const invoker = new StubInvoker({
    Flaky: (_, before) => {
      if (before < 3) throw namedError('Busy', 'later');
      return before;
    },
  });
  const engine = engineOf(
    {
      Task: {
        Type: 'Task',
        Resource: functionArn('Flaky'),
        Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 600, MaxAttempts: 3, BackoffRate: 2 }],
        End: true,
      },
    },
    { invoker, speed: 1e6 },
  );
  expect(await resultOf(engine)).toMatchObject({ status: 'SUCCEEDED', output: 3 });
});

it('times a task out on the scaled clock', async () => {
  const invoker = new StubInvoker({ Slow: () => new Promise(() => {}) });
  const engine = engineOf(
    {
      Task: { Type: 'Task', Resource: functionArn('Slow'), TimeoutSeconds: 900, End: true },
    },
    { invoker, speed: 100_000 },
  );
  expect(await resultOf(engine)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
});
