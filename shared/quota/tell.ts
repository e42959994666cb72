/** When a caller that waits is to ask again. */
import { DAY_MS } from './calendar.ts';

/** From this wait on, only a part of it is waited before asking again, milliseconds. */
const FAR_MS = 1.5 * DAY_MS;

/** That part: so that none sleeps long on an old estimate. */
const PART = 0.75;

/** Longest wait before asking again, milliseconds: deleting a stack waits for those who sleep. */
export const LONGEST_WAIT_MS = 3 * DAY_MS;

/** Returns when to ask again for a turn that is expected at a time, both epoch milliseconds. */
export function askAgainAt(expectedAt: number, now: number): number {
  const far = expectedAt - now;
  return far > FAR_MS ? now + Math.min(PART * far, LONGEST_WAIT_MS) : expectedAt;
}
