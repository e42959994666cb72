import { expect, it } from 'vitest';
import { StubInvoker } from '../../src/testing/stub-invoker.ts';
import { ARN, engineOf, functionArn, pass, resultOf } from './harness.ts';

const large = 'x'.repeat(256 * 1024);

it.each(['States.ALL', 'States.DataLimitExceeded'])(
  'fails a task with a longer result, which %s catches as on AWS',
  async (name) => {
    const invoker = new StubInvoker({ Large: () => large });
    const engine = engineOf(
      {
        Task: {
          Type: 'Task',
          Resource: functionArn('Large'),
          Catch: [{ ErrorEquals: [name], Next: 'Caught' }],
          End: true,
        },
        Caught: { Type: 'Pass', Parameters: { caught: true }, End: true },
      },
      { invoker },
    );
    expect(await resultOf(engine)).toMatchObject(
      name === 'States.ALL'
        ? { status: 'FAILED', error: 'States.DataLimitExceeded' }
        : { status: 'SUCCEEDED', output: { caught: true } },
    );
  },
);

it('fails any state with a longer output', async () => {
  const engine = engineOf({
    Twice: { Type: 'Pass', Parameters: { 'a.$': '$.a', 'b.$': '$.a' }, Next: 'Wait' },
    Wait: { Type: 'Wait', Seconds: 100, Next: 'Once' },
    Once: { Type: 'Pass', Parameters: {}, End: true },
  });
  expect(await resultOf(engine, { a: 'x'.repeat(150 * 1024) })).toMatchObject({
    status: 'FAILED',
    error: 'States.DataLimitExceeded',
  });
});

it('fails a Map with a longer output, even when the next state ends the execution', async () => {
  const engine = engineOf({
    Each: {
      Type: 'Map',
      ItemsPath: '$.items',
      ItemProcessor: {
        StartAt: 'Same',
        States: { Same: { Type: 'Pass', End: true } },
      },
      ResultPath: '$.results',
      Next: 'Done',
    },
    Done: { Type: 'Pass', Parameters: {}, End: true },
  });
  expect(await resultOf(engine, { items: ['x'.repeat(150 * 1024)] })).toEqual({
    status: 'FAILED',
    output: null,
    error: 'States.DataLimitExceeded',
    cause: "The state 'Each' has an output of more than 262144 bytes.",
  });
});

it('refuses a longer input', () => {
  const start = () =>
    engineOf(pass({})).startExecution({ stateMachineArn: ARN, input: JSON.stringify(large) });
  expect(start).toThrow(expect.objectContaining({ code: 'InvalidExecutionInput' }));
});
