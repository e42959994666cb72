/** The door: one item that says when each cell is free, and what is used of day and month. */
import { dayOf, monthOf } from './calendar.ts';
import type { Numbers } from './conditional-write.ts';
import type { QuotaSettings } from './settings.ts';

/** The item of the door. Times are epoch milliseconds. */
export interface Door {
  /** When each cell is free again. */
  readonly cells: readonly number[];
  /** Requests a minute that the cells are made for; 0 if the budget is not kept. */
  readonly cellsFor: number;
  /** The day that `used` counts. */
  readonly day: number;
  /** Requests of that day, by everybody. */
  readonly used: number;
  /** Those of bulk. */
  readonly usedBulk: number;
  /** Those that the account shows but this ledger has not admitted. */
  readonly usedElsewhere: number;
  /** Those whose bodies may still be sent when the day ends: VirusTotal may count them on the next one. */
  readonly carried: number;
  /** The month that `usedMonth` counts. */
  readonly month: number;
  readonly usedMonth: number;
  /** Interactive requests of a day, a mean that forgets half of itself each day. */
  readonly lookups: number;
  /** Requests of bulk, and how many of them were the first of a call; both halved each day. */
  readonly bulkRequests: number;
  readonly bulkCalls: number;
  /** Until when nothing is admitted, because VirusTotal has refused a request. */
  readonly blockedUntil: number;
  /** How often VirusTotal has refused in a row. */
  readonly strikes: number;
  /** When somebody last asked for the account's quotas. */
  readonly askedAt: number;
  /** When the account's quotas were last learnt; 0 if never. */
  readonly learntAt: number;
}

/** Attributes of the item, apart from its cells and what is learnt of the budgets. */
const counters = [
  ...['cellsFor', 'day', 'used', 'usedBulk', 'usedElsewhere', 'carried'],
  ...['month', 'usedMonth', 'lookups'],
  ...['bulkRequests', 'bulkCalls', 'blockedUntil', 'strikes', 'askedAt', 'learntAt'],
] as const;

/** The attribute of a cell. */
export const cellName = (index: number): string => `c${index}`;

/**
 * Returns the attributes of an unused door.
 *
 * @param settings - of the ledger
 * @param now - epoch milliseconds
 */
export function newDoor(settings: QuotaSettings, now: number): Numbers {
  return {
    ...Object.fromEntries(counters.map((name) => [name, 0])),
    ...cellsAt(settings, 0),
    cellsFor: minuteOf(settings),
    day: dayOf(now),
    month: monthOf(now),
    lookups: settings.keptPerDay / 2,
  };
}

/** Sets every cell to one time. */
export function cellsAt({ cells }: QuotaSettings, freeAt: number): Numbers {
  return Object.fromEntries(Array.from({ length: cells }, (_, index) => [cellName(index), freeAt]));
}

/** The requests a minute that cells are made for. */
export const minuteOf = ({ cells, perMinute }: QuotaSettings): number =>
  cells === 0 ? 0 : perMinute;

/** Reads the attributes of a door; absent ones count as 0. */
export function readDoor({ cells }: QuotaSettings, item: Numbers): Door {
  const at = (name: string) => item[name] ?? 0;
  return {
    cells: Array.from({ length: cells }, (_, index) => at(cellName(index))),
    cellsFor: at('cellsFor'),
    day: at('day'),
    used: at('used'),
    usedBulk: at('usedBulk'),
    usedElsewhere: at('usedElsewhere'),
    carried: at('carried'),
    month: at('month'),
    usedMonth: at('usedMonth'),
    lookups: at('lookups'),
    bulkRequests: at('bulkRequests'),
    bulkCalls: at('bulkCalls'),
    blockedUntil: at('blockedUntil'),
    strikes: at('strikes'),
    askedAt: at('askedAt'),
    learntAt: at('learntAt'),
  };
}

/** What is used of the day and month of a time. */
export interface Usage {
  readonly used: number;
  readonly usedBulk: number;
  readonly usedInteractive: number;
  readonly usedElsewhere: number;
  readonly usedMonth: number;
}

/**
 * Returns what is used at a time. VirusTotal does not say on which day it counts a request whose body is sent over
 * midnight: it is charged to both, and so is one over the end of a month.
 */
export function usageAt(door: Door, now: number): Usage {
  const { used, usedBulk, usedElsewhere, usedMonth } = door;
  if (door.day === dayOf(now)) {
    const usedInteractive = used - usedBulk - usedElsewhere;
    return { used, usedBulk, usedInteractive, usedElsewhere, usedMonth };
  }
  const carried = door.day === dayOf(now) - 1 ? door.carried : 0;
  return {
    used: carried,
    usedBulk: carried,
    usedInteractive: 0,
    usedElsewhere: 0,
    usedMonth: door.month === monthOf(now) ? usedMonth : carried,
  };
}
