import { expect, it } from 'vitest';
import { httpLimitsFor, limitsFor } from '../../../shared/lambda/limits.ts';
import { lambdaContext } from '../../support/lambda-context.ts';

const { signal } = new AbortController();
const NOW = 1_700_000_000_000;

/** Time until the deadline for the time that Lambda leaves, milliseconds. */
function left(way: 'http' | 'direct', leftMs: number, receivedAt?: number): number {
  const context = { ...lambdaContext(), getRemainingTimeInMillis: () => leftMs };
  const call =
    way === 'direct'
      ? limitsFor(context, signal, NOW)
      : httpLimitsFor(context, signal, NOW, receivedAt);
  expect(call.signal).toBe(signal);
  return call.deadline - NOW;
}

it.each([
  ['direct', 900_000, 899_300],
  ['direct', 10_000, 9_300],
  ['http', 10_000, 9_300],
  ['http', 28_700, 28_000],
  ['http', 900_000, 28_000],
  ['http', 500, -200],
] as const)('%s with %i ms left waits for others for %i ms', (way, leftMs, expected) => {
  expect(left(way, leftMs)).toBe(expected);
});

it.each([
  ['just now', 0, 28_000],
  ['before a cold start of 3 s', -3_000, 25_000],
  ['so long ago that the gateway has given up', -40_000, -12_000],
  ['in the future, by another clock', 5_000, 28_000],
  ['years ago, in a recorded event', -1_000_000_000, 28_000],
])('a request received %s leaves the rest of its 28 s', (_, offset, expected) => {
  expect(left('http', 900_000, NOW + offset)).toBe(expected);
});

it('a request received long ago gets no more than Lambda leaves', () => {
  expect(left('http', 2_000, NOW - 3_000)).toBe(1_300);
});
