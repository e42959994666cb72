/** What happens when VirusTotal refuses a request that the ledger has admitted: others use the key, probably. */
import { type Admission, probeEnds } from './admission.ts';
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

/**
 * Returns the write that ends a block that lasts until a budget is renewed, because the account shows that it is no
 * longer spent; null if there is no such block. One request then finds out whether that is so.
 */
export function reopenWrite({ blockedUntil: until }: Door, now: number): ConditionalWrite | null {
  const resets = [(dayOf(now) + 1) * DAY_MS, endOfMonth(monthOf(now))].map((ms) => ms + PAUSE_MS);
  if (!resets.includes(until)) return null;
  return { set: { blockedUntil: now }, add: {}, when: [unchanged('blockedUntil', until)] };
}

function isDayNearlyUsed(settings: QuotaSettings, door: Door, now: number): boolean {
  return usageAt(door, now).used >= NEARLY_USED * settings.perDay;
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

/** Returns the write that makes a block longer; it fails if a later one is there already. */
export function prolongBlockWrite(until: number): ConditionalWrite {
  return {
    set: { blockedUntil: until },
    add: {},
    when: [{ attribute: 'blockedUntil', is: '<', value: until }],
  };
}

/**
 * Returns the write for the end of the one request that is admitted after a block. If VirusTotal has answered it,
 * requests are admitted again; otherwise the next one finds out. It fails if a request that was sent earlier has been
 * refused since.
 *
 * @param door - when that request was admitted
 */
export function probeEndedWrite(
  settings: QuotaSettings,
  { strikes }: Door,
  probe: Pick<Admission, 'now' | 'endsBy'>,
  isAnswered: boolean,
): ConditionalWrite {
  return {
    set: { blockedUntil: probe.now + settings.cellMs, strikes: isAnswered ? 0 : strikes },
    add: {},
    when: [unchanged('strikes', strikes), unchanged('blockedUntil', probeEnds(settings, probe))],
  };
}
