import { expect, it } from 'vitest';
import { historyOf, withoutData } from '../../src/step-functions/history.ts';
import { namedError, StubInvoker } from '../../src/testing/stub-invoker.ts';
import { ARN, engineOf, functionArn, type States } from './harness.ts';

const failing = () =>
  new StubInvoker({
    Fn: () => {
      throw namedError('Busy', 'later');
    },
  });
const taskOf = (resource: string, fields: object = {}): States => ({
  Task: { Type: 'Task', Resource: resource, End: true, ...fields },
});

async function historyIn(
  states: States,
  invoker = new StubInvoker({ Fn: () => ({ b: 2 }) }),
  input = '{"a":1}',
) {
  const engine = engineOf(states, { invoker });
  const { executionArn } = engine.startExecution({ stateMachineArn: ARN, input });
  return historyOf(await engine.ended(executionArn), engine.transitionsOf(executionArn));
}

const stepsOf = (events: Awaited<ReturnType<typeof historyIn>>) =>
  events.slice(1, -1).map(({ id, previousEventId, timestamp, ...event }) => event);

it('gives inputs and outputs of states, and the resource of a task', async () => {
  expect(stepsOf(await historyIn(taskOf(functionArn('Fn'))))).toEqual([
    { type: 'TaskStateEntered', stateEnteredEventDetails: { name: 'Task', input: '{"a":1}' } },
    {
      type: 'LambdaFunctionScheduled',
      lambdaFunctionScheduledEventDetails: { resource: functionArn('Fn') },
    },
    { type: 'LambdaFunctionStarted' },
    { type: 'LambdaFunctionSucceeded' },
    { type: 'TaskStateExited', stateExitedEventDetails: { name: 'Task', output: '{"b":2}' } },
  ]);
});

it('gives error and cause of a failed task, which does not succeed when the error is caught', async () => {
  const catcher = { ErrorEquals: ['Busy'], Next: 'After' };
  const task = taskOf(functionArn('Fn'), { Catch: [catcher] });
  const states: States = { ...task, After: { Type: 'Pass', End: true } };
  const steps = stepsOf(await historyIn(states, failing()));
  expect(steps.map(({ type }) => type)).toEqual([
    'TaskStateEntered',
    'LambdaFunctionScheduled',
    'LambdaFunctionStarted',
    'LambdaFunctionFailed',
    'TaskStateExited',
    'PassStateEntered',
    'PassStateExited',
  ]);
  expect(steps[3]?.lambdaFunctionFailedEventDetails).toEqual({
    error: 'Busy',
    cause: expect.stringContaining('later'),
  });
});

it('names the events of the Lambda integration after tasks', async () => {
  const states = taskOf('arn:aws:states:::lambda:invoke', {
    Parameters: { FunctionName: 'Fn', Payload: {} },
  });
  const events = await historyIn(states, failing());
  expect(stepsOf(events)).toMatchObject([
    { type: 'TaskStateEntered' },
    { type: 'TaskScheduled', taskScheduledEventDetails: { resourceType: 'lambda' } },
    { type: 'TaskStarted', taskStartedEventDetails: { resource: 'invoke' } },
    { type: 'TaskFailed', taskFailedEventDetails: { resource: 'invoke', error: 'Busy' } },
  ]);
  expect(events.at(-1)).toMatchObject({
    type: 'ExecutionFailed',
    executionFailedEventDetails: { error: 'Busy', cause: expect.stringContaining('later') },
  });
});

it('says that a Map and its item failed', async () => {
  const ItemProcessor = { StartAt: 'Bad', States: { Bad: { Type: 'Fail', Error: 'Bad' } } };
  const states: States = {
    List: { Type: 'Map', ItemsPath: '$.list', ItemProcessor, End: true },
  };
  const events = await historyIn(states, undefined, '{"list":[1]}');
  expect(stepsOf(events).map(({ type }) => type)).toEqual([
    'MapStateEntered',
    'MapStateStarted',
    'MapIterationStarted',
    'FailStateEntered',
    'MapIterationFailed',
    'MapStateFailed',
  ]);
});

it('leaves out inputs and outputs, and keeps errors', async () => {
  const text = JSON.stringify((await historyIn(taskOf(functionArn('Fn')))).map(withoutData));
  expect(text).not.toContain('put"');
  expect(text).toContain('"stateEnteredEventDetails":{"name":"Task"}');
  const failed = await historyIn(taskOf(functionArn('Fn')), failing());
  expect(JSON.stringify(failed.map(withoutData))).toContain('"error":"Busy"');
});
