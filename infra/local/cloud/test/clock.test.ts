import { expect, test } from 'vitest';
import { answerTimeout, createClock, workTimeout } from '../src/clock.ts';

test.each([
  [1, 30_000, 30_000],
  [1, 5_000, 5_000],
  [2, 30_000, 30_000],
  [60, 30_000, 600_000],
  [60, 900_000, 900_000],
  [60, 5_000, 300_000],
  [1000, 900_000, 10_000_000],
])('at speed %d a timeout of %d ms becomes %d ms', (speed, ms, expected) => {
  expect(workTimeout(ms, createClock(speed))).toBe(expected);
});

test('a fast clock leaves five real seconds more for an answer', () => {
  expect([1, 2, 60].map((speed) => answerTimeout(createClock(speed)))).toEqual([
    0, 10_000, 300_000,
  ]);
});

test('a fast clock starts with real time, and its waits are shorter', async () => {
  const startedAt = Date.now();
  const clock = createClock(1000);
  expect(clock.setting.origin).toBeGreaterThanOrEqual(startedAt);
  const before = clock.now();
  await clock.sleep(60_000);
  // A timer may come a millisecond early.
  expect(clock.now() - before).toBeGreaterThanOrEqual(58_000);
});
