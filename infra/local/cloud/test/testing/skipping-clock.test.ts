import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SkippingClock } from '../../src/testing/skipping-clock.ts';
import { namedError, StubInvoker } from '../../src/testing/stub-invoker.ts';
import { start } from '../lambda/harness.ts';
import { engineOf, functionArn, resultOf } from '../step-functions/harness.ts';

const DAY_MS = 86_400_000;

test('skips waits, in their order', async () => {
  const clock = new SkippingClock(1);
  const startedAt = clock.now();
  const woken: number[] = [];
  const wait = async (days: number) => {
    await clock.sleep(days * DAY_MS);
    woken.push(Math.floor((clock.now() - startedAt) / DAY_MS));
  };
  await Promise.all([wait(3), wait(1), wait(2), wait(1)]);
  expect(woken).toEqual([1, 1, 2, 3]);
});

test('skips nothing while there is work, and goes at its speed', async () => {
  const clock = new SkippingClock(100);
  const startedAt = clock.now();
  const ends = [clock.hold(), clock.hold()];
  const woken: string[] = [];
  const day = clock.sleep(DAY_MS).then(() => woken.push('day'));
  await clock.sleep(2_000).then(() => woken.push('seconds'));
  ends[0]?.();
  // Counted once.
  ends[0]?.();
  await sleep(50);
  expect(woken).toEqual(['seconds']);
  expect(clock.now() - startedAt).toBeLessThan(DAY_MS);
  ends[1]?.();
  await day;
  expect(clock.now() - startedAt).toBeGreaterThanOrEqual(DAY_MS);
});

test('does not skip a wait that was aborted', async () => {
  const clock = new SkippingClock(1);
  const startedAt = clock.now();
  const aborting = new AbortController();
  const aborted = clock.sleep(DAY_MS, aborting.signal);
  aborting.abort(new Error('no longer'));
  await expect(aborted).rejects.toThrow('no longer');
  await expect(clock.sleep(DAY_MS, aborting.signal)).rejects.toThrow('no longer');
  await clock.sleep(60_000);
  expect(clock.now() - startedAt).toBeLessThan(DAY_MS);
});

test('puts the processes of functions forward too', async () => {
  const clock = new SkippingClock(1);
  const { invoke, invocations } = start({}, { clock });
  const before = await invoke({});
  await clock.sleep(DAY_MS);
  const answer = await invoke({});
  expect(answer.pid).toBe(before.pid);
  expect(answer.now - before.now).toBeGreaterThanOrEqual(DAY_MS);
  expect(answer.now).toBeLessThanOrEqual(clock.now());
  expect(answer.leftMs).toBeGreaterThan(20_000);
  expect(answer.leftMs).toBeLessThanOrEqual(30_000);
  expect(invocations).toHaveLength(2);
});

test('does not skip while a function runs', async () => {
  const clock = new SkippingClock(1);
  const { invoke } = start({}, { clock });
  const startedAt = clock.now();
  const invoked = invoke({ sleepMs: 200 });
  const day = clock.sleep(DAY_MS);
  await invoked;
  expect(clock.now() - startedAt).toBeLessThan(DAY_MS);
  await day;
});

test('skips the waits of executions, but not while one waits for a retry', async () => {
  const clock = new SkippingClock(1000);
  const invoker = new StubInvoker({
    Once: (_, callsBefore) => {
      if (callsBefore === 0) throw namedError('Busy', 'later');
      return clock.now();
    },
  });
  const engine = engineOf(
    {
      Wait: { Type: 'Wait', Seconds: 86_400, Next: 'Task' },
      Task: {
        Type: 'Task',
        Resource: functionArn('Once'),
        Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 100 }],
        End: true,
      },
    },
    { clock, invoker },
  );
  const startedAt = clock.now();
  const { output } = await resultOf(engine);
  expect(output - startedAt).toBeGreaterThanOrEqual(DAY_MS + 99_000);
  expect(output - startedAt).toBeLessThan(2 * DAY_MS);
});

test('does not skip from the failure of a state to its retry', async () => {
  const clock = new SkippingClock(1000);
  const invoker = new StubInvoker({
    Busy: (_, callsBefore) => {
      if (callsBefore === 0) throw namedError('Busy', 'later');
      return clock.now();
    },
  });
  const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 100 }];
  const engine = engineOf(
    { Task: { Type: 'Task', Resource: functionArn('Busy'), Retry, End: true } },
    { clock, invoker },
  );
  const startedAt = clock.now();
  const day = clock.sleep(DAY_MS);
  const { output } = await resultOf(engine);
  expect(output - startedAt).toBeGreaterThanOrEqual(99_000);
  expect(output - startedAt).toBeLessThan(DAY_MS);
  await day;
});
