/** Sweeps many objects, most of which have a verdict. */
import { expect } from 'vitest';
import { BUCKET, type SweepStack } from './sweep.ts';

/** Runs work on many items, 20 at a time. */
export async function each<T>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 20 }, worker));
}

/** Counts objects by outcome. */
export const countOf = (objects: readonly { readonly outcome: string }[]) =>
  Object.fromEntries(
    [...Map.groupBy(objects, ({ outcome }) => outcome)].map(([outcome, { length }]) => [
      outcome,
      length,
    ]),
  );

/**
 * Puts objects of which one in twenty has no verdict, and sweeps them in two executions at once: each object
 * without a verdict is scanned once, and a later sweep scans none.
 *
 * @param total - a multiple of 20, at least 100
 */
export async function sweepTwiceAtOnce(stack: SweepStack, total: number): Promise<void> {
  const keys = Array.from({ length: total }, (_, index) => `old/${String(index).padStart(4, '0')}`);
  await each(keys, (key) => stack.put(key, Number(key.slice(4)) % 20 === 7 ? undefined : 'clean'));
  const unscanned = total / 20;

  const sweeps = await Promise.all(
    [1, 2].map(() => stack.sweep({ bucket: BUCKET, prefix: 'old/' })),
  );

  for (const { output, objects } of sweeps) {
    expect(output).toMatchObject({ objects: total });
    expect(objects).toHaveLength(total);
    expect(
      objects.filter(({ outcome, verdict }) => outcome === 'failed' || verdict !== 'clean'),
    ).toEqual([]);
  }
  expect(countOf(sweeps[0]?.objects ?? [])['has-verdict']).toBeGreaterThanOrEqual(
    total - unscanned,
  );
  expect(stack.scans()).toHaveLength(unscanned);
  expect(new Set(stack.submitted.map(({ key }) => key)).size).toBe(unscanned);
  expect(stack.submitted).toHaveLength(unscanned);

  const again = await stack.sweep({ bucket: BUCKET, prefix: 'old/00' });
  expect(countOf(again.objects)).toEqual({ 'has-verdict': 100 });
  expect(stack.scans()).toHaveLength(unscanned);
}
