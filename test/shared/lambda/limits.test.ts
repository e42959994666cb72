import { expect, it } from 'vitest';
import { limitsFor } from '../../../shared/lambda/limits.ts';
import { lambdaContext } from '../../support/lambda-context.ts';

const { signal } = new AbortController();
const NOW = 1_700_000_000_000;

/** Time until the deadline for the time that Lambda leaves, milliseconds. */
function left(way: 'http' | 'direct', leftMs: number): number {
  const context = { ...lambdaContext(), getRemainingTimeInMillis: () => leftMs };
  const call = limitsFor(context, way, signal, NOW);
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
