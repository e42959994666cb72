/** Takes over what the account says about its quotas. */
import type { PartialBudgets } from './budgets.ts';
import { dayOf, monthOf } from './calendar.ts';
import { type ConditionalWrite, type Numbers, unchanged } from './conditional-write.ts';
import { type Door, usageAt } from './door.ts';
import type { QuotaSettings } from './settings.ts';

/** How long the account's quotas count as known, milliseconds. */
const FRESH_MS = 15 * 60_000;

/** How long the ledger must have admitted nothing before it believes that less is used, milliseconds. */
const QUIET_MS = 5 * 60_000;

/** What the account says. */
export interface AccountQuotas extends PartialBudgets {
  /** Requests of the UTC day and month; null if the account does not say. */
  readonly usedDay: number | null;
  readonly usedMonth: number | null;
}

/** The same when the day is nearly used: what others have used since would be refused. */
const FRESH_AT_THE_END_MS = 60_000;

/** So few requests of a day are its end. */
const LAST_REQUESTS = 10;

/** Returns whether the account is to be asked: its quotas are old, and no other caller has just asked. */
export function isTimeToAsk(settings: QuotaSettings, door: Door, now: number): boolean {
  const left = settings.perDay - usageAt(settings, door, now).used;
  return now - door.askedAt >= (left <= LAST_REQUESTS ? FRESH_AT_THE_END_MS : FRESH_MS);
}

/** Returns the write that decides who asks. */
export function askWrite({ askedAt }: Door, now: number): ConditionalWrite {
  return { set: { askedAt: now }, add: {}, when: [unchanged('askedAt', askedAt)] };
}

/** Returns the budgets that a door has learnt; undefined ones are not known. */
export function learntBudgets(item: Numbers): PartialBudgets {
  const budget = (name: string) => {
    const value = item[name];
    return value === 0 ? Number.POSITIVE_INFINITY : value;
  };
  return {
    perMinute: budget('perMinute'),
    perDay: budget('perDay'),
    perMonth: budget('perMonth'),
  };
}

/**
 * Returns the write that takes over what the account says. It adds the difference, so that requests that are
 * admitted at the same time are not lost. Less than the ledger has counted is believed only after some minutes
 * without a request, because the account may be behind.
 *
 * @param door - as read after the account has answered
 * @param askedAt - when the account was asked, epoch milliseconds
 */
export function learnWrite(
  settings: QuotaSettings,
  door: Door,
  account: AccountQuotas,
  askedAt: number,
): ConditionalWrite {
  const usage = usageAt(settings, door, askedAt);
  const mayFall = isQuiet(settings, door, askedAt);
  const difference = (said: number | null, counted: number) => {
    const more = said === null ? 0 : said - counted;
    return more > 0 || mayFall ? more : 0;
  };
  const isSameDay = door.day === dayOf(askedAt) && door.month === monthOf(askedAt);
  const ofDay = isSameDay ? difference(account.usedDay, usage.used) : 0;
  const ofMonth = isSameDay ? difference(account.usedMonth, usage.usedMonth) : 0;
  return {
    set: { ...knownBudgets(account), learntAt: askedAt },
    add: { used: ofDay, usedElsewhere: ofDay, usedMonth: ofMonth },
    when: [unchanged('day', door.day)],
  };
}

function isQuiet({ cellMs, cells }: QuotaSettings, door: Door, now: number): boolean {
  return cells > 0 && door.cells.every((freeAt) => freeAt - cellMs < now - QUIET_MS);
}

function knownBudgets({ perMinute, perDay, perMonth }: AccountQuotas): Numbers {
  const known = Object.entries({ perMinute, perDay, perMonth }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value === Number.POSITIVE_INFINITY ? 0 : value] as const],
  );
  return Object.fromEntries(known);
}
