/** `ScanExisting` as synthesised, over a large bucket. */
import { afterEach, expect, it } from 'vitest';
import { sweepTwiceAtOnce } from '../support/large-sweep.ts';
import { type SweepStack, startSweepStack } from '../support/sweep.ts';

let stack: SweepStack;
afterEach(() => stack.close());

it('starts 100 scans for 2,000 objects of which 1,900 have a verdict, also when run twice at once', async () => {
  stack = await startSweepStack();
  await sweepTwiceAtOnce(stack, 2_000);
  expect(stack.scans()).toHaveLength(100);
}, 600_000);
