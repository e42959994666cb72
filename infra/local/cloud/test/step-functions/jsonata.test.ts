import { expect, it } from 'vitest';
import { checkDefinition } from '../../src/step-functions/check.ts';
import { historyOf } from '../../src/step-functions/history.ts';
import { SkippingClock } from '../../src/testing/skipping-clock.ts';
import { namedError, StubInvoker } from '../../src/testing/stub-invoker.ts';
import { ARN, engineOf, functionArn, resultOf, type States } from './harness.ts';

const pass = (fields: object): States => ({
  Only: { Type: 'Pass', QueryLanguage: 'JSONata', End: true, ...fields },
});

it.each([
  ['the input without an Output', {}, { a: [1, 2] }],
  ['plain values', { Output: { b: 'c', d: [1, null] } }, { b: 'c', d: [1, null] }],
  ['an expression', { Output: '{% $sum($states.input.a) %}' }, 3],
  [
    'expressions within a template',
    { Output: { sum: ['{% $sum($states.input.a) %}'], text: 'a' } },
    { sum: [3], text: 'a' },
  ],
  ['what AWS adds', { Output: `{% $parse('{"a":1}').a %}` }, 1],
  [
    'times',
    { Output: "{% $fromMillis($toMillis('2026-12-31T23:00:00.5Z') + 90 * 86400000) %}" },
    '2027-03-31T23:00:00.500Z',
  ],
])('passes on %s', async (_, fields, output) => {
  const ended = await resultOf(engineOf(pass(fields)), { a: [1, 2] });
  expect(ended).toEqual({ status: 'SUCCEEDED', output, error: null, cause: null });
});

it('gives an expression the context object, by the clock of the run', async () => {
  const clock = new SkippingClock(1);
  const states: States = {
    Wait: { Type: 'Wait', Seconds: 777_600, Next: 'Only' },
    ...pass({ Output: '{% $states.context %}' }),
  };
  const engine = engineOf(states, { clock });
  const { output } = await resultOf(engine, { a: 1 });
  const { Execution, State, StateMachine } = output;
  expect(Execution).toMatchObject({ Input: { a: 1 }, RedriveCount: 0 });
  expect(State.Name).toBe('Only');
  expect(StateMachine).toEqual({ Id: ARN, Name: 'Machine' });
  const waited = Date.parse(State.EnteredTime) - Date.parse(Execution.StartTime);
  expect(waited).toBeGreaterThanOrEqual(777_600_000);
  expect(waited).toBeLessThan(777_610_000);
});

it('says when an execution was redriven', async () => {
  const states: States = {
    Call: { Type: 'Task', Resource: functionArn('Call'), Next: 'Only' },
    ...pass({ Output: '{% $exists($states.context.Execution.RedriveTime) %}' }),
  };
  const invoker = new StubInvoker({
    Call: (input, before) => {
      if (before === 0) throw namedError('Busy', 'later');
      return input;
    },
  });
  const engine = engineOf(states, { invoker });
  const { executionArn } = engine.startExecution({ stateMachineArn: ARN });
  await engine.ended(executionArn);
  engine.redriveExecution(executionArn);
  expect((await engine.ended(executionArn)).output).toBe('true');
});

it.each([
  ["{% $number('a') %}", /Unable to cast/],
  ['{% $states.input.missing %}', /returned nothing/],
  ["{% $parse('no JSON') %}", /JSON/],
])('fails the execution when %s cannot be evaluated', async (Output, cause) => {
  const { status, error, cause: said } = await resultOf(engineOf(pass({ Output })));
  expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  expect(said).toMatch(cause);
});

it('is a Pass in the history, within a Map too', async () => {
  const states: States = {
    Each: {
      Type: 'Map',
      ItemProcessor: { StartAt: 'Only', States: pass({ Output: '{% $states.input * 2 %}' }) },
      End: true,
    },
  };
  const engine = engineOf(states);
  const { executionArn } = engine.startExecution({ stateMachineArn: ARN, input: '[1,2]' });
  const ended = await engine.ended(executionArn);
  expect(ended.output).toBe('[2,4]');
  const types = historyOf(ended, engine.transitionsOf(executionArn)).map(({ type }) => type);
  expect(types.filter((type) => type === 'PassStateEntered')).toHaveLength(2);
  expect(types.filter((type) => type.startsWith('Task'))).toEqual([]);
});

it.each([
  [{ Assign: { a: 1 } }, 'Only: Assign'],
  [{ Output: '{% $states.context.Map.Item.Value %}' }, 'context object $states.context.Map.Item'],
  [{ Output: '{% $millis() %}' }, 'function $millis('],
  [{ Output: '{% $uuid() %}' }, 'function $uuid('],
  [{ Output: '{% 1 + %}' }, 'JSONata: '],
])('refuses %j', (fields, reason) => {
  const definition = { StartAt: 'Only', States: pass(fields) };
  expect(() => checkDefinition('Some', definition)).toThrow(reason);
});
