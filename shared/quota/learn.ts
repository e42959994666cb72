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
  const left = settings.perDay - usageAt(door, now).used;
  const isAtTheEnd = left > 0 && left <= LAST_REQUESTS;
  return now - door.askedAt >= (isAtTheEnd ? FRESH_AT_THE_END_MS : FRESH_MS);
}

/** When the account was asked, and what was known before. */
export interface AccountQuestion {
  /** Epoch milliseconds. */
  readonly askedAt: number;
  /** As it was before the request after which the account is asked. */
  readonly before: Door;
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
 * without a request, because the account may be behind; for the same reason, requests after those minutes count on
 * top of what it says.
 *
 * @param door - as read after the account has answered
 */
export function learnWrite(
  settings: QuotaSettings,
  door: Door,
  account: AccountQuotas,
  { askedAt, before }: AccountQuestion,
): ConditionalWrite {
  const usage = usageAt(door, askedAt);
  const past = usageAt(before, askedAt);
  const mayFall = isQuiet(settings, before, askedAt) && before.day === door.day;
  const difference = (said: number | null, counted: number, countedBefore: number) => {
    if (said === null) return 0;
    return said > counted ? said - counted : mayFall ? Math.min(0, said - countedBefore) : 0;
  };
  const isSameDay = door.day === dayOf(askedAt) && door.month === monthOf(askedAt);
  const ofDay = isSameDay ? difference(account.usedDay, usage.used, past.used) : 0;
  const ofMonth = isSameDay ? difference(account.usedMonth, usage.usedMonth, past.usedMonth) : 0;
  return {
    set: { ...knownBudgets(account), learntAt: askedAt },
    add: { used: ofDay, usedElsewhere: ofDay, usedMonth: ofMonth },
    when: [unchanged('day', door.day)],
  };
}

/** Returns what a door learns before it has admitted anything. */
export function firstLearnt(account: AccountQuotas, askedAt: number): Numbers {
  const used = account.usedDay ?? 0;
  const usedMonth = Math.max(used, account.usedMonth ?? 0);
  return { ...knownBudgets(account), used, usedElsewhere: used, usedMonth, learntAt: askedAt };
}

/** Returns which budget the account shows as spent; null if none. */
export function spentBudget(account: AccountQuotas): 'day' | 'month' | null {
  const { perDay, perMonth, usedDay, usedMonth } = account;
  if (perMonth !== undefined && usedMonth !== null && usedMonth >= perMonth) return 'month';
  return perDay !== undefined && usedDay !== null && usedDay >= perDay ? 'day' : null;
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
