import { describe, expect, it } from 'vitest';
import { createClock } from '../../src/clock.ts';
import { UnknownFunctionError } from '../../src/types.ts';
import { expectError, invokerOf, serve } from './harness.ts';

describe('functions', () => {
  it('that fail', async () => {
    const error = { errorType: 'TypeError', errorMessage: 'secret cause' };
    const { ask, served } = await serve({
      invoker: invokerOf(async () => ({ status: 'failed', error })),
    });
    const answered = await ask('/files/x');
    expectError(answered, 500, 'InternalError');
    expect(answered.text).not.toContain('secret');
    expect(answered.headers['x-amzn-errortype']).toBe('InternalServerErrorException');
    expect(served[0]?.refusal).toBe('DEFAULT_5XX');
  });

  it.each([
    'no JSON',
    'null',
    '"text"',
    '[]',
    '{"statusCode":"OK"}',
    '{"statusCode":99}',
    '{"statusCode":200.5}',
    '{"body":{"an":"object"}}',
    '{"headers":{"X-Number":1}}',
    '{"headers":["X"]}',
    '{"headers":{"X Y":"z"}}',
    '{"headers":{"X":"a\\r\\nb: c"}}',
    '{"multiValueHeaders":{"X":"a"}}',
    '{"isBase64Encoded":"true"}',
    '{"statusCode":200,"cookies":[]}',
    '{"resource":"not a proxy answer"}',
  ])('that answer %s', async (payload) => {
    const { ask } = await serve({
      invoker: invokerOf(async () => ({ status: 'succeeded', payload })),
    });
    expectError(await ask('/files/x'), 500, 'InternalError');
  });

  it('that do not exist', async () => {
    const invoker = invokerOf(async (name) => {
      throw new UnknownFunctionError(name);
    });
    const { ask } = await serve({ invoker });
    expectError(await ask('/files/x'), 500, 'InternalError');
  });

  it('that cannot be reached', async () => {
    const invoker = invokerOf(async () => {
      throw new Error('no process');
    });
    const { ask } = await serve({ invoker });
    expectError(await ask('/files/x'), 503, 'UnavailableError');
  });

  it.each([
    ['29 s', 1, 29_000],
    ['29 s on a clock twice as fast, and five real seconds', 2, 39_000],
    ['fifteen real seconds on a fast clock', 60, 900_000],
  ])('that take %s', async (_, speed, ms) => {
    const slept: number[] = [];
    const sleep = async (ms: number) => {
      slept.push(ms);
    };
    const invoker = invokerOf(() => new Promise(() => undefined));
    const { ask } = await serve({ invoker, clock: { ...createClock(speed), sleep } });
    expectError(await ask('/files/x'), 504, 'TimeoutError');
    expect(slept).toEqual([ms]);
  });

  it('that end in time leave no timer behind', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const clock = createClock();
    const sleep = (ms: number, signal?: AbortSignal) => {
      signals.push(signal);
      return clock.sleep(ms, signal);
    };
    const { ask } = await serve({ clock: { ...clock, sleep } });
    await ask('/files/x');
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });
});
