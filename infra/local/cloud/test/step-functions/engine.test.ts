import { describe, expect, it } from 'vitest';
import { type Clock, createClock } from '../../src/clock.ts';
import { StepFunctionsEngine, type StepFunctionsOptions } from '../../src/step-functions/engine.ts';
import { named, StubInvoker } from '../../src/testing/stub-invoker.ts';

const ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:Machine';
const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

type States = Record<string, { Type: string; [field: string]: unknown }>;

function engineOf(
  states: States,
  {
    invoker = new StubInvoker({}),
    speed = 1000,
    clock = createClock(speed),
    timeout,
    listener,
  }: {
    invoker?: StubInvoker;
    speed?: number;
    clock?: Clock;
    timeout?: number;
    listener?: StepFunctionsOptions['listener'];
  } = {},
) {
  const [StartAt = ''] = Object.keys(states);
  const definition = { StartAt, States: states, ...(timeout && { TimeoutSeconds: timeout }) };
  return new StepFunctionsEngine({
    stateMachines: [{ arn: ARN, name: 'Machine', definition }],
    invoker,
    clock,
    listener,
  });
}

async function resultOf(engine: StepFunctionsEngine, input: unknown = {}) {
  const { executionArn } = engine.startExecution({
    stateMachineArn: ARN,
    input: JSON.stringify(input),
  });
  const { status, output, error, cause } = await engine.ended(executionArn);
  return { status, output: output === null ? null : JSON.parse(output), error, cause };
}

const pass = (parameters: unknown): States => ({
  Only: { Type: 'Pass', Parameters: parameters, End: true },
});

describe('states', () => {
  it('invokes a function by its ARN, and by the integration of Lambda', async () => {
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

  it('gives an error of a function as AWS does: Error is its type, Cause its JSON', async () => {
    const invoker = new StubInvoker({
      Fails: () => {
        throw named('UpstreamError', 'no sense');
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

  it('retries by error name, with waits on the scaled clock', async () => {
    const invoker = new StubInvoker({
      Flaky: (_, before) => {
        if (before < 3) throw named('Busy', 'later');
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

  it.each([
    ['Seconds', { Seconds: 86_400 }],
    ['SecondsPath', { SecondsPath: "$.wait['for'][1]" }],
    ['TimestampPath', { TimestampPath: '$.at' }],
  ])('waits by %s on the scaled clock, and passes its input on', async (_, fields) => {
    const clock = createClock(1e6);
    const engine = engineOf({ Wait: { Type: 'Wait', ...fields, End: true } }, { clock });
    const at = new Date(clock.now() + 86_400_000).toISOString();
    const input = { wait: { for: [0, 86_400] }, at };
    const { executionArn, startDate } = engine.startExecution({
      stateMachineArn: ARN,
      input: JSON.stringify(input),
    });
    const ended = await engine.ended(executionArn);
    expect(JSON.parse(ended.output ?? '')).toEqual(input);
    // A millisecond is 1000 s here.
    expect((ended.stopDate ?? 0) - startDate).toBeGreaterThan(60_000_000);
  });

  it('does not wait for a time that has passed, nor minds an input of null', async () => {
    const Timestamp = '2020-01-01T00:00:00Z';
    const engine = engineOf({ Wait: { Type: 'Wait', Timestamp, End: true } }, { speed: 1 });
    expect(await resultOf(engine, null)).toMatchObject({ status: 'SUCCEEDED', output: null });
  });

  it('ends with States.Runtime for a wait that is no number of seconds', async () => {
    const engine = engineOf({ Wait: { Type: 'Wait', SecondsPath: '$.seconds', End: true } });
    expect(await resultOf(engine, { seconds: 'soon' })).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
    });
  });

  it('times a task out by its own limit, on the scaled clock', async () => {
    const invoker = new StubInvoker({ Slow: () => new Promise(() => {}) });
    const engine = engineOf(
      {
        Task: { Type: 'Task', Resource: functionArn('Slow'), TimeoutSeconds: 900, End: true },
      },
      { invoker, speed: 100_000 },
    );
    expect(await resultOf(engine)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

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

  it('knows the context object, in Maps too', async () => {
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

  it('gives $$.Execution.StartTime on the scaled clock', async () => {
    const engine = engineOf(pass({ 'at.$': '$$.Execution.StartTime' }));
    const { executionArn, startDate } = engine.startExecution({ stateMachineArn: ARN });
    const { output } = await engine.ended(executionArn);
    expect(JSON.parse(output ?? '')).toEqual({ at: new Date(startDate).toISOString() });
  });
});

describe('data limit', () => {
  const large = 'x'.repeat(256 * 1024);

  it.each(['States.ALL', 'States.DataLimitExceeded'])(
    'is told for the result of a task, which %s catches or not, as on AWS',
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

  it('is told for the output of any state', async () => {
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

  it('is told for the output of a Map, although the machine ends at once after it', async () => {
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
});

describe('executions', () => {
  const waiting: States = { Wait: { Type: 'Wait', Seconds: 1_000_000, End: true } };

  it('tells of every step and status', async () => {
    const seen: string[] = [];
    const invoker = new StubInvoker({
      Flaky: (_, before) => {
        if (before === 0) throw named('Busy', 'later');
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

  it('gives the running execution for the same name and input, and refuses any other', async () => {
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

  it('stops: the status is ABORTED, with what was said', async () => {
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

  it('does not invoke again once it is stopped', async () => {
    const invoker = new StubInvoker({
      Busy: () => {
        throw named('Busy', 'later');
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

  it('ends as TIMED_OUT after the time of the whole, on the scaled clock', async () => {
    const engine = engineOf(waiting, { timeout: 3600, speed: 100_000 });
    expect(await resultOf(engine)).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  });

  it('refuses unknown machines and executions, and bad names and inputs, as AWS does', () => {
    const engine = engineOf(waiting);
    const start = (request: object) => () =>
      engine.startExecution({ stateMachineArn: ARN, ...request });
    const code = (text: string) => expect.objectContaining({ code: text });
    expect(start({ stateMachineArn: 'x' })).toThrow(code('StateMachineDoesNotExist'));
    expect(start({ name: 'a b' })).toThrow(code('InvalidName'));
    expect(start({ name: 'x'.repeat(81) })).toThrow(code('InvalidName'));
    expect(start({ input: '{' })).toThrow(code('InvalidExecutionInput'));
    expect(() => engine.describeExecution('x')).toThrow(code('ExecutionDoesNotExist'));
  });

  it('closes without a word', async () => {
    const seen: string[] = [];
    const engine = engineOf(waiting, {
      listener: { onStatusChange: ({ status }) => seen.push(status) },
    });
    engine.startExecution({ stateMachineArn: ARN });
    await engine.close();
    expect(seen).toEqual(['RUNNING']);
  });
});
