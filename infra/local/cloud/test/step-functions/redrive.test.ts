import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { expect, it, onTestFinished } from 'vitest';
import { executionStatusEvent } from '../../src/events/execution-status.ts';
import type { StepFunctionsEngine } from '../../src/step-functions/engine.ts';
import { historyOf } from '../../src/step-functions/history.ts';
import { createStepFunctionsApi } from '../../src/step-functions/service.ts';
import { namedError, StubInvoker } from '../../src/testing/stub-invoker.ts';
import { serve } from '../aws/serve.ts';
import { ARN, engineOf, functionArn, type States } from './harness.ts';

const states: States = {
  First: { Type: 'Task', Resource: functionArn('First'), Next: 'Second' },
  Second: { Type: 'Task', Resource: functionArn('Second'), Next: 'Last' },
  Last: {
    Type: 'Pass',
    Parameters: {
      'from.$': '$.from',
      'input.$': '$$.Execution.Input',
      'count.$': '$$.Execution.RedriveCount',
    },
    End: true,
  },
};

/** Functions, of which the second fails once. */
const failingOnce = () =>
  new StubInvoker({
    First: () => ({ from: 'First' }),
    Second: (input, before) => {
      if (before === 0) throw namedError('Busy', 'later');
      return input;
    },
  });

function start(engine: StepFunctionsEngine, input = '{"a":1}') {
  return engine.startExecution({ stateMachineArn: ARN, name: 'one', input }).executionArn;
}

it('continues with the failed state and its input', async () => {
  const invoker = failingOnce();
  const engine = engineOf(states, { invoker });
  const arn = start(engine);
  const failed = await engine.ended(arn);
  expect(failed).toMatchObject({ status: 'FAILED', redriveCount: 0, notRedrivable: null });
  expect(engine.redriveExecution(arn)).toMatchObject({ status: 'RUNNING', stopDate: null });
  const { startDate, input } = failed;
  const ended = await engine.ended(arn);
  expect(ended).toMatchObject({ status: 'SUCCEEDED', startDate, input, redriveCount: 1 });
  const output = { from: 'First', input: { a: 1 }, count: 1 };
  expect(JSON.parse(ended.output ?? '')).toEqual(output);
  expect(invoker.calls).toHaveLength(3);
  const events = historyOf(ended, engine.transitionsOf(arn), engine.earlierAttemptsOf(arn));
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  const types = events.map(({ type }) => type);
  expect(types.slice(types.indexOf('ExecutionFailed'))).toEqual([
    'ExecutionFailed',
    'ExecutionRedriven',
    'LambdaFunctionScheduled',
    'LambdaFunctionStarted',
    'LambdaFunctionSucceeded',
    'TaskStateExited',
    'PassStateEntered',
    'PassStateExited',
    'ExecutionSucceeded',
  ]);
});

it('continues with the same state after a redrive that was stopped at once', async () => {
  const invoker = failingOnce();
  const engine = engineOf(states, { invoker });
  const arn = start(engine);
  await engine.ended(arn);
  engine.redriveExecution(arn);
  await engine.stopExecution(arn);
  engine.redriveExecution(arn);
  const ended = await engine.ended(arn);
  expect(ended).toMatchObject({ status: 'SUCCEEDED', redriveCount: 2 });
  const events = historyOf(ended, engine.transitionsOf(arn), engine.earlierAttemptsOf(arn));
  const entered = events.filter(({ type }) => type === 'TaskStateEntered');
  expect(entered).toMatchObject([
    { stateEnteredEventDetails: { name: 'First' } },
    { stateEnteredEventDetails: { name: 'Second' } },
  ]);
});

it('redrives stopped and timed-out executions, as often as is asked', async () => {
  const waiting: States = { Wait: { Type: 'Wait', Seconds: 1_000_000, End: true } };
  const stopped = engineOf(waiting);
  const arn = start(stopped);
  for (const redriveCount of [0, 1, 2]) {
    const aborted = await stopped.stopExecution(arn);
    expect(aborted).toMatchObject({ status: 'ABORTED', redriveCount });
    stopped.redriveExecution(arn);
  }
  await stopped.close();
  const late = engineOf(waiting, { timeout: 3600, speed: 100_000 });
  await late.ended(start(late));
  late.redriveExecution(arn);
  expect(await late.ended(arn)).toMatchObject({ status: 'TIMED_OUT', redriveCount: 1 });
});

it('refuses executions that run or succeeded, and those that failed in a Map', async () => {
  const ItemProcessor = { StartAt: 'Bad', States: { Bad: { Type: 'Fail', Error: 'Bad' } } };
  const List = { Type: 'Map', ItemsPath: '$.list', ItemProcessor, End: true };
  const map = engineOf({ List });
  const arn = start(map, '{"list":[1]}');
  const refusal = (message: string) =>
    expect.objectContaining({ code: 'ExecutionNotRedrivable', message });
  const running = refusal('Execution is RUNNING and cannot be redriven');
  expect(() => map.redriveExecution(arn)).toThrow(running);
  await map.ended(arn);
  const inMap = refusal('Redriving a Map state is not supported locally (List)');
  expect(() => map.redriveExecution(arn)).toThrow(inMap);
  const done = engineOf({ Only: { Type: 'Succeed' } });
  await done.ended(start(done));
  const succeeded = refusal('Execution is SUCCEEDED and cannot be redriven');
  expect(() => done.redriveExecution(arn)).toThrow(succeeded);
});

it('is served, and shown by descriptions, lists and events', async () => {
  const seen: unknown[] = [];
  const onStatusChange = (execution: Parameters<typeof executionStatusEvent>[0]) =>
    seen.push(executionStatusEvent(execution).detail);
  const engine = engineOf(states, { invoker: failingOnce(), listener: { onStatusChange } });
  const executionArn = start(engine);
  await engine.ended(executionArn);
  const { options } = await serve(createStepFunctionsApi(engine));
  const client = new SFNClient(options);
  onTestFinished(() => client.destroy());
  const describe = () => client.send(new DescribeExecutionCommand({ executionArn }));
  expect(await describe()).toMatchObject({ redriveCount: 0, redriveStatus: 'REDRIVABLE' });
  const redrive = (arn: string) => client.send(new RedriveExecutionCommand({ executionArn: arn }));
  const { redriveDate } = await redrive(executionArn);
  await engine.ended(executionArn);
  const redriveStatusReason = 'Execution is SUCCEEDED and cannot be redriven';
  const redriven = { redriveCount: 1, redriveDate };
  const final = { ...redriven, redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason };
  expect(await describe()).toMatchObject(final);
  const list = await client.send(new ListExecutionsCommand({ stateMachineArn: ARN }));
  expect(list.executions).toMatchObject([redriven]);
  expect(seen).toMatchObject([
    { status: 'RUNNING', redriveCount: 0, redriveStatus: 'NOT_REDRIVABLE' },
    { status: 'FAILED', redriveStatus: 'REDRIVABLE', redriveStatusReason: null },
    { status: 'RUNNING', redriveCount: 1, redriveDate: redriveDate?.getTime() },
    { status: 'SUCCEEDED', redriveCount: 1, redriveStatus: 'NOT_REDRIVABLE' },
  ]);
  await expect(redrive(executionArn)).rejects.toMatchObject({ name: 'ExecutionNotRedrivable' });
  const unknown = redrive(`${executionArn}2`);
  await expect(unknown).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
});
