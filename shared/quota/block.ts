/** What happens when VirusTotal refuses a request that the ledger has admitted: others use the key, probably. */
import type { Admission } from './admission.ts';
import { DAY_MS, dayOf, endOfMonth, monthOf, PAUSE_MS } from './calendar.ts';
import { type ConditionalWrite, unchanged } from './conditional-write.ts';
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

/**
 * Returns the write that blocks the door. Of several requests that are refused at once only the first counts.
 *
 * @param door - when the refused request was admitted
 * @param until - epoch milliseconds
 */
export function blockWrite({ strikes }: Door, until: number): ConditionalWrite {
  return {
    set: { blockedUntil: until, strikes: strikes + 1 },
    add: {},
    when: [unchanged('strikes', strikes)],
  };
}

/**
 * Returns the write for the end of the one request that is admitted after a block. If VirusTotal has answered it,
 * requests are admitted again; otherwise the next one finds out.
 *
 * @param door - when that request was admitted
 */
export function probeEndedWrite(
  { cellMs }: QuotaSettings,
  { strikes }: Door,
  { now }: Pick<Admission, 'now'>,
  isAnswered: boolean,
): ConditionalWrite {
  return {
    set: { blockedUntil: now + cellMs, strikes: isAnswered ? 0 : strikes },
    add: {},
    when: [unchanged('strikes', strikes)],
  };
}
