/** Waits for what takes its time. */
import type { CheckContext } from './context.ts';

/** Pauses between two looks, milliseconds; each is longer than the last. */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
const GROWTH = 1.5;

/**
 * Looks until something is there.
 *
 * @param look - undefined: not yet
 * @param patienceMs - how long
 * @returns undefined if it is not there in time
 */
export async function poll<T>(
  { sleep }: Pick<CheckContext, 'sleep'>,
  patienceMs: number,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const giveUpAt = performance.now() + patienceMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * GROWTH)) {
    const found = await look();
    if (found !== undefined || performance.now() + pause > giveUpAt) return found;
    await sleep(pause);
  }
}
