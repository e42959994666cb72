import { expect, it } from 'vitest';
import { ARN, engineOf, pass, resultOf, type States } from './harness.ts';

it.each([
  [{ Variable: '$.a', IsPresent: false }, { b: 1 }],
  [{ Variable: '$.a', IsNull: false }, { a: 1 }],
  [{ And: [{ Variable: '$.a', IsString: false }] }, { a: 1 }],
  [{ Not: { Variable: '$.a', IsPresent: false } }, { a: 1 }],
])('matches %j', async (rule, input) => {
  const engine = engineOf({
    Choice: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
    Yes: { Type: 'Pass', Parameters: { matched: true }, End: true },
    No: { Type: 'Pass', Parameters: { matched: false }, End: true },
  });
  expect((await resultOf(engine, input)).output).toEqual({ matched: true });
});

it.each([[0], [false], [''], [null], [{ 'a.$': '$.b' }]])(
  'passes the result %j',
  async (result) => {
    const engine = engineOf({ Only: { Type: 'Pass', Result: result, End: true } });
    expect((await resultOf(engine)).output).toEqual(result);
  },
);

it('resolves the context object, in Maps too', async () => {
  const states: States = {
    'All items': {
      Type: 'Map',
      ItemsPath: '$.items',
      ItemSelector: { 'index.$': '$$.Map.Item.Index', 'value.$': '$$.Map.Item.Value' },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'One item',
        States: {
          'One item': {
            Type: 'Pass',
            Parameters: {
              'item.$': '$',
              'state.$': '$$.State.Name',
              'execution.$': '$$.Execution.Name',
              'input.$': '$$.Execution.Input',
              'machine.$': '$$.StateMachine.Name',
              'both.$': "States.Format('{} {}', $$.State.Name, $$.Execution.Id)",
            },
            End: true,
          },
        },
      },
      End: true,
    },
  };
  const engine = engineOf(states);
  const { executionArn } = engine.startExecution({
    stateMachineArn: ARN,
    name: 'one',
    input: '{"items":["a","b"]}',
  });
  expect(executionArn).toBe('arn:aws:states:us-east-1:000000000000:execution:Machine:one');
  const { output } = await engine.ended(executionArn);
  expect(JSON.parse(output ?? '')).toEqual(
    ['a', 'b'].map((value, index) => ({
      item: { index, value },
      state: 'One item',
      execution: 'one',
      input: { items: ['a', 'b'] },
      machine: 'Machine',
      both: `One item ${executionArn}`,
    })),
  );
});

it('returns $$.Execution.StartTime on the scaled clock', async () => {
  const engine = engineOf(pass({ 'at.$': '$$.Execution.StartTime' }));
  const { executionArn, startDate } = engine.startExecution({ stateMachineArn: ARN });
  const { output } = await engine.ended(executionArn);
  expect(JSON.parse(output ?? '')).toEqual({ at: new Date(startDate).toISOString() });
});
