import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createClock } from '../../src/clock.ts';
import { start } from './harness.ts';

const timeoutMs = 900_000;

test('shortens the waits of a function, and advances its date', async () => {
  const clock = createClock(120);
  const { invoke } = start({ timeoutMs }, { clock });
  await invoke({});
  const startedAt = performance.now();
  const before = clock.now();
  const answer = await invoke({ sleepMs: 60_000 });
  const after = clock.now();
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  for (const time of [answer.now, Date.parse(answer.dates.iso)]) {
    expect(time).toBeGreaterThan(before + 59_000);
    expect(time).toBeLessThanOrEqual(after);
  }
  // Without milliseconds.
  expect(Date.parse(answer.dates.text)).toBeGreaterThan(before + 58_000);
  expect(answer.dates).toMatchObject({ fixed: '1970-01-01T00:00:00.000Z', areDates: true });
});

test('applies to every timer of Node.js', async () => {
  const { directory, invoke, invocations } = start({ timeoutMs }, { clock: createClock(60) });
  copyFileSync(join(import.meta.dirname, 'timers.fixture.mjs'), join(directory, 'index.mjs'));
  const results = await invoke({});
  expect(Object.keys(results)).toHaveLength(9);
  for (const [name, ms] of Object.entries(results)) {
    expect.soft(ms, name).toBeGreaterThan(59_000);
  }
  expect(invocations[0]?.result.status).toBe('succeeded');
});

test('leaves a short timeout of an operation some real time', async () => {
  const { directory, invoke } = start({ timeoutMs }, { clock: createClock(1000) });
  writeFileSync(
    join(directory, 'index.mjs'),
    `export const handler = async () => {
       const signal = AbortSignal.timeout(10_000);
       await new Promise((resolve) => setTimeout(() => resolve('done'), 600 * 1000));
       return signal.aborted;
     };`,
  );
  expect(await invoke({})).toBe(false);
});

test('leaves a function ten seconds of real time, since work does not become faster', async () => {
  const { invoke } = start({ timeoutMs: 30_000 }, { clock: createClock(100) });
  const { leftMs } = await invoke({});
  expect(leftMs).toBeGreaterThan(30_000);
  expect(leftMs).toBeLessThanOrEqual(1_000_000);
  await sleep(400);
  expect(await invoke({})).toHaveProperty('pid');
});
