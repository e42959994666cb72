/** VirusTotal's calendar: days and months begin at midnight UTC. Times are epoch milliseconds. */

/** A day, milliseconds. */
export const DAY_MS = 86_400_000;

/**
 * How long before and after midnight no request is admitted, milliseconds: a clock that is 1 s off and a grant
 * that is used 0.5 s later still fall on the day that is charged.
 */
export const PAUSE_MS = 2_000;

/** Returns the number of the day, from 1970. */
export const dayOf = (ms: number): number => Math.floor(ms / DAY_MS);

/** Returns the number of the month, from the year 0. */
export function monthOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** Returns when the month after the one with this number begins. */
export function endOfMonth(month: number): number {
  return Date.UTC(Math.floor(month / 12), (month % 12) + 1);
}

/**
 * Returns when the pause around midnight ends.
 *
 * @param day - the latest day that the ledger has begun: another clock may be ahead of this one
 * @returns null outside the pause
 */
export function endOfPause(ms: number, day: number): number | null {
  const today = dayOf(ms);
  if (day > today) return day * DAY_MS + PAUSE_MS;
  if (ms < today * DAY_MS + PAUSE_MS) return today * DAY_MS + PAUSE_MS;
  const tomorrow = (today + 1) * DAY_MS;
  return ms >= tomorrow - PAUSE_MS ? tomorrow + PAUSE_MS : null;
}
