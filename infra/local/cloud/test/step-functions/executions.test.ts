import { expect, it } from 'vitest';
import { createClock } from '../../src/clock.ts';
import { namedError, StubInvoker } from '../../src/testing/stub-invoker.ts';
import { ARN, engineOf, functionArn, pass, resultOf, type States } from './harness.ts';

const waiting: States = { Wait: { Type: 'Wait', Seconds: 1_000_000, End: true } };

it('reports every step and status', async () => {
  const seen: string[] = [];
  const invoker = new StubInvoker({
    Flaky: (_, before) => {
      if (before === 0) throw namedError('Busy', 'later');
    },
  });
  const engine = engineOf(
    {
      Task: {
        Type: 'Task',
        Resource: functionArn('Flaky'),
        Retry: [{ ErrorEquals: ['Busy'] }],
        Next: 'Wait',
      },
      Wait: { Type: 'Wait', Seconds: 1, End: true },
    },
    {
      invoker,
      listener: {
        onStatusChange: ({ status }) => seen.push(status),
        onTransition: (_, { kind, state, type, error }) =>
          seen.push([kind, type, state, error ?? ''].join(' ').trim()),
      },
    },
  );
  await resultOf(engine);
  expect(seen).toEqual([
    'RUNNING',
    'entered Task Task',
    'failed Task Task Busy',
    'retried Task Task',
    'exited Task Task',
    'entered Wait Wait',
    'exited Wait Wait',
    'SUCCEEDED',
  ]);
});

it('returns the running execution for the same name and input, and refuses another input', async () => {
  const engine = engineOf(waiting);
  const start = (input: string) =>
    engine.startExecution({ stateMachineArn: ARN, name: 'one', input });
  const { executionArn } = start('{"a":1}');
  expect(start('{"a":1}').executionArn).toBe(executionArn);
  expect(engine.listExecutions(ARN)).toHaveLength(1);
  const exists = expect.objectContaining({ code: 'ExecutionAlreadyExists' });
  expect(() => start('{"a":2}')).toThrow(exists);
  await engine.stopExecution(executionArn);
  expect(() => start('{"a":1}')).toThrow(exists);
});

it('stops an execution as ABORTED, with the given error and cause', async () => {
  const engine = engineOf(waiting);
  const { executionArn } = engine.startExecution({ stateMachineArn: ARN });
  await engine.stopExecution(executionArn, 'Enough', 'because');
  expect(engine.describeExecution(executionArn)).toMatchObject({
    status: 'ABORTED',
    error: 'Enough',
    cause: 'because',
    output: null,
    stopDate: expect.any(Number),
  });
  expect(engine.listExecutions(ARN, 'ABORTED')).toHaveLength(1);
  expect(engine.listExecutions(ARN, 'RUNNING')).toEqual([]);
});

it('does not retry once it is stopped', async () => {
  const invoker = new StubInvoker({
    Busy: () => {
      throw namedError('Busy', 'later');
    },
  });
  const retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 1000, MaxAttempts: 99 }];
  const engine = engineOf(
    { Task: { Type: 'Task', Resource: functionArn('Busy'), Retry: retry, End: true } },
    { invoker, speed: 1 },
  );
  const { executionArn } = engine.startExecution({ stateMachineArn: ARN });
  await expect.poll(() => invoker.calls.length).toBe(1);
  await engine.stopExecution(executionArn);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(invoker.calls).toHaveLength(1);
});

it('ends as TIMED_OUT after the timeout of the definition, on the scaled clock', async () => {
  const engine = engineOf(waiting, { timeout: 3600, speed: 100_000 });
  expect(await resultOf(engine)).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
});

it('refuses unknown machines and executions, invalid names and invalid inputs', () => {
  const engine = engineOf(waiting);
  const start = (request: object) => () =>
    engine.startExecution({ stateMachineArn: ARN, ...request });
  const code = (text: string) => expect.objectContaining({ code: text });
  expect(start({ stateMachineArn: 'x' })).toThrow(code('InvalidArn'));
  expect(start({ stateMachineArn: `${ARN}2` })).toThrow(code('StateMachineDoesNotExist'));
  expect(start({ name: 'a b' })).toThrow(code('InvalidName'));
  expect(start({ name: 'x'.repeat(81) })).toThrow(code('InvalidName'));
  expect(start({ input: '{' })).toThrow(code('InvalidExecutionInput'));
  expect(() => engine.describeExecution('x')).toThrow(code('InvalidArn'));
  const unknown = `${ARN.replace('stateMachine', 'execution')}:x`;
  expect(() => engine.describeExecution(unknown)).toThrow(code('ExecutionDoesNotExist'));
});

it('shows starts and ends of executions as late as the option says', async () => {
  const time = { ms: 1_000_000 };
  const clock = { ...createClock(), now: () => time.ms };
  const engine = engineOf(pass({ done: true }), { clock, describeLagMs: 300 });
  const { executionArn } = engine.startExecution({ stateMachineArn: ARN, input: '{}' });
  time.ms += 100;
  const isHidden = () =>
    expect(() => engine.shownExecution(executionArn)).toThrow(
      expect.objectContaining({ code: 'ExecutionDoesNotExist' }),
    );
  isHidden();
  const { stopDate } = await engine.ended(executionArn);
  expect(stopDate).toBe(1_000_100);
  time.ms = 1_000_299;
  isHidden();
  time.ms = 1_000_300;
  const running = { status: 'RUNNING', stopDate: null, output: null };
  expect(engine.shownExecution(executionArn)).toMatchObject(running);
  time.ms = 1_000_400;
  expect(engine.shownExecution(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
});

it('closes without reporting the end of its executions', async () => {
  const seen: string[] = [];
  const engine = engineOf(waiting, {
    listener: { onStatusChange: ({ status }) => seen.push(status) },
  });
  engine.startExecution({ stateMachineArn: ARN });
  await engine.close();
  expect(seen).toEqual(['RUNNING']);
});
