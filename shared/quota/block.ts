/** What happens when VirusTotal refuses a request that the ledger has admitted: others use the key, probably. */
import { DAY_MS, dayOf, endOfMonth, monthOf, PAUSE_MS } from './calendar.ts';
import type { ConditionalWrite } from './conditional-write.ts';
import { type Door, usageAt } from './door.ts';
import type { QuotaSettings } from './settings.ts';

/** The first block, milliseconds: VirusTotal's minute. */
const FIRST_BLOCK_MS = 60_000;

/** The longest block whose reason is unknown, milliseconds. */
const LONGEST_BLOCK_MS = 15 * 60_000;

/** From this part of the day's budget on, a refusal probably means the day. */
const NEARLY_USED = 0.95;

/** What is known about a refusal. */
export interface RefusedRequest {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Wait that VirusTotal asked for, milliseconds; null if it did not. */
  readonly retryAfterMs: number | null;
  /** Which budget the account shows as spent; null if it shows none, undefined if it was not asked. */
  readonly spent?: 'day' | 'month' | null | undefined;
}

/** Returns until when nothing is admitted, epoch milliseconds. */
export function blockedUntil(
  settings: QuotaSettings,
  door: Door,
  { now, retryAfterMs, spent }: RefusedRequest,
): number {
  if (spent === 'month') return endOfMonth(monthOf(now)) + PAUSE_MS;
  if (spent === 'day' || (spent === undefined && isDayNearlyUsed(settings, door, now))) {
    return (dayOf(now) + 1) * DAY_MS + PAUSE_MS;
  }
  if (retryAfterMs !== null) return now + retryAfterMs;
  return now + Math.min(LONGEST_BLOCK_MS, FIRST_BLOCK_MS * 2 ** door.strikes);
}

function isDayNearlyUsed(settings: QuotaSettings, door: Door, now: number): boolean {
  return usageAt(settings, door, now).used >= NEARLY_USED * settings.perDay;
}

/** Returns the write that blocks the door; it fails if a later block is there already. */
export function blockWrite(until: number): ConditionalWrite {
  return {
    set: { blockedUntil: until },
    add: { strikes: 1 },
    when: [{ attribute: 'blockedUntil', is: '<', value: until }],
  };
}

/** Returns the write that notes that VirusTotal admits requests again. */
export function unblockWrite({ strikes }: Door): ConditionalWrite {
  return {
    set: { strikes: 0 },
    add: {},
    when: [{ attribute: 'strikes', is: '=', value: strikes }],
  };
}
