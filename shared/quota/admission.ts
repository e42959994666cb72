/** The writes at the door: each admits one request, or gives notice of one that was admitted. */
import { dayOf, monthOf } from './calendar.ts';
import {
  below,
  type Condition,
  type ConditionalWrite,
  type Numbers,
  unchanged,
} from './conditional-write.ts';
import { cellName, type Door, type Usage, usageAt } from './door.ts';
import { bulkLimit, type Lane, type Opening } from './plan.ts';
import type { QuotaSettings } from './settings.ts';

/** Longest time that the one request may take that is admitted after a block, milliseconds. */
const PROBE_MS = 60_000;

/** A request that is admitted. */
export interface Admission {
  readonly lane: Lane;
  /** Epoch milliseconds; the plan was made for this time. */
  readonly now: number;
  /** Whether it is the first request of its call. */
  readonly isFirst: boolean;
  /**
   * When the request has certainly ended, epoch milliseconds, if it has a body that takes long: when VirusTotal
   * counts it is unknown. null for other requests.
   */
  readonly endsBy: number | null;
}

/** Returns the write that admits a request: it holds only if nothing has changed that the plan rests on. */
export function admissionWrite(
  settings: QuotaSettings,
  door: Door,
  { cell }: Opening,
  admission: Admission,
): ConditionalWrite {
  const { now, lane } = admission;
  const usage = usageAt(settings, door, now);
  const freeAt = heldUntil(settings, admission);
  const ofCell: Numbers = cell === null ? {} : { [cellName(cell)]: freeAt };
  // After a block, one request finds out whether VirusTotal admits requests again.
  const probe: Numbers = door.strikes > 0 ? { blockedUntil: Math.max(freeAt, now + PROBE_MS) } : {};
  const counts = door.day === dayOf(now) ? sameDay(admission) : newDay(door, usage, admission);
  return {
    set: { ...ofCell, ...probe, ...counts.set },
    add: counts.add,
    when: [
      ...(cell === null ? [] : [unchanged(cellName(cell), door.cells[cell] ?? 0)]),
      unchanged('cellsFor', door.cellsFor),
      unchanged('day', door.day),
      { attribute: 'blockedUntil', is: '<=', value: now },
      ...(door.day === dayOf(now) ? stillWithin(settings, usage, lane, now) : []),
      ...(door.month === monthOf(now) ? below('usedMonth', settings.perMonth) : []),
    ],
  };
}

function sameDay({ lane, isFirst }: Admission): Pick<ConditionalWrite, 'set' | 'add'> {
  const add: Numbers = { used: 1, usedMonth: 1 };
  if (lane === 'interactive') return { set: {}, add };
  const ofBulk: Numbers = { usedBulk: 1, bulkRequests: 1, ...(isFirst && { bulkCalls: 1 }) };
  return { set: {}, add: { ...add, ...ofBulk } };
}

/** The first request of a day begins its counters, and halves what is remembered of those before. */
function newDay(
  door: Door,
  usage: Usage,
  { lane, now, isFirst }: Admission,
): Pick<ConditionalWrite, 'set' | 'add'> {
  const bulk = lane === 'bulk' ? 1 : 0;
  const isSameMonth = door.month === monthOf(now);
  const interactive = Math.max(0, door.used - door.usedBulk - door.usedElsewhere);
  return {
    set: {
      day: dayOf(now),
      used: usage.used + 1,
      usedBulk: usage.usedBulk + bulk,
      usedElsewhere: 0,
      lookups: (door.lookups + interactive) / 2,
      bulkRequests: door.bulkRequests / 2 + bulk,
      bulkCalls: door.bulkCalls / 2 + (isFirst ? bulk : 0),
      month: monthOf(now),
      ...(isSameMonth ? {} : { usedMonth: usage.usedMonth + 1 }),
    },
    add: isSameMonth ? { usedMonth: 1 } : {},
  };
}

function stillWithin(
  settings: QuotaSettings,
  usage: Usage,
  lane: Lane,
  now: number,
): readonly Condition[] {
  return [
    ...below('used', settings.perDay),
    ...(lane === 'bulk' ? below('usedBulk', bulkLimit(settings, usage, now)) : []),
  ];
}

/** Returns when the cell of an admitted request is free again, epoch milliseconds. */
export function heldUntil({ cellMs }: QuotaSettings, { now, endsBy }: Admission): number {
  return Math.max(now, endsBy ?? 0) + cellMs;
}

/** Returns the write that frees the cell of a request with a body: VirusTotal has counted it by now. */
export function bodyEndedWrite(
  settings: QuotaSettings,
  cell: number,
  admission: Admission,
  now: number,
): ConditionalWrite {
  return {
    set: { [cellName(cell)]: now + settings.cellMs },
    add: {},
    when: [unchanged(cellName(cell), heldUntil(settings, admission))],
  };
}

/** Returns the write that gives back what a request was granted that is not sent. */
export function giveBackWrite(
  settings: QuotaSettings,
  door: Door,
  { cell }: Opening,
  admission: Admission,
): ConditionalWrite {
  const { now, lane, isFirst } = admission;
  const ofBulk: Numbers =
    lane === 'bulk' ? { usedBulk: -1, bulkRequests: -1, ...(isFirst && { bulkCalls: -1 }) } : {};
  const held = cell === null ? [] : [unchanged(cellName(cell), heldUntil(settings, admission))];
  return {
    set: {
      ...(cell !== null && { [cellName(cell)]: now }),
      ...(door.strikes > 0 && { blockedUntil: now }),
    },
    add: { used: -1, usedMonth: -1, ...ofBulk },
    when: [...held, unchanged('day', dayOf(now))],
  };
}
