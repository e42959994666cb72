/** The writes at the door: each admits one request, or gives notice of one that was admitted. */
import { DAY_MS, dayOf, monthOf, PAUSE_MS } from './calendar.ts';
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
  /** Whether VirusTotal charges it to neither day nor month. */
  readonly isFree: boolean;
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
  const usage = usageAt(door, now);
  const ofCell: Numbers = cell === null ? {} : { [cellName(cell)]: heldUntil(settings, admission) };
  // After a block, one request finds out whether VirusTotal admits requests again.
  const probe: Numbers = door.strikes > 0 ? { blockedUntil: probeEnds(settings, admission) } : {};
  const counts =
    door.day === dayOf(now) ? { set: {}, add: charged(admission) } : newDay(door, usage, admission);
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

/** What a request adds to the counters; one that is free is still a call. */
function charged(admission: Admission): Numbers {
  const { lane, isFirst, isFree } = admission;
  const unit = isFree ? 0 : 1;
  const add: Numbers = {
    used: unit,
    usedMonth: unit,
    ...(mayBeCarried(admission) && { carried: 1 }),
  };
  if (lane === 'interactive') return add;
  return { ...add, usedBulk: unit, bulkRequests: unit, ...(isFirst && { bulkCalls: 1 }) };
}

/** Whether VirusTotal may count a request on the day after the one on which it is admitted. */
function mayBeCarried({ now, endsBy, isFree }: Admission): boolean {
  return !isFree && endsBy !== null && endsBy >= endOfDay(now);
}

/** From then on, VirusTotal's clock may show the next day, epoch milliseconds. */
function endOfDay(now: number): number {
  return (dayOf(now) + 1) * DAY_MS - PAUSE_MS;
}

/** The first request of a day begins its counters, and halves what is remembered of those before. */
function newDay(
  door: Door,
  usage: Usage,
  admission: Admission,
): Pick<ConditionalWrite, 'set' | 'add'> {
  const { now } = admission;
  const {
    used = 0,
    usedBulk = 0,
    bulkRequests = 0,
    bulkCalls = 0,
    carried = 0,
  } = charged(admission);
  const isSameMonth = door.month === monthOf(now);
  const interactive = Math.max(0, door.used - door.usedBulk - door.usedElsewhere);
  return {
    set: {
      day: dayOf(now),
      used: usage.used + used,
      usedBulk: usage.usedBulk + usedBulk,
      usedElsewhere: 0,
      carried,
      lookups: (door.lookups + interactive) / 2,
      bulkRequests: door.bulkRequests / 2 + bulkRequests,
      bulkCalls: door.bulkCalls / 2 + bulkCalls,
      month: monthOf(now),
      ...(isSameMonth ? {} : { usedMonth: usage.usedMonth + used }),
    },
    add: isSameMonth ? { usedMonth: used } : {},
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
export function heldUntil(
  { cellMs }: QuotaSettings,
  { now, endsBy }: Pick<Admission, 'now' | 'endsBy'>,
): number {
  return Math.max(now, endsBy ?? 0) + cellMs;
}

/** Returns until when a request that is admitted after a block keeps the door closed, epoch milliseconds. */
export function probeEnds(
  settings: QuotaSettings,
  admission: Pick<Admission, 'now' | 'endsBy'>,
): number {
  return Math.max(heldUntil(settings, admission), admission.now + PROBE_MS);
}

/**
 * Returns the write that frees the cell of a request with a body: VirusTotal has counted it by now.
 *
 * @returns null if there is nothing to write
 */
export function bodyEndedWrite(
  settings: QuotaSettings,
  { cell }: Opening,
  admission: Admission,
  now: number,
): ConditionalWrite | null {
  const isOfThisDay = mayBeCarried(admission) && now < endOfDay(admission.now);
  if (cell === null && !isOfThisDay) return null;
  return {
    set: cell === null ? {} : { [cellName(cell)]: now + settings.cellMs },
    add: isOfThisDay ? { carried: -1 } : {},
    when: [
      ...(cell === null ? [] : [unchanged(cellName(cell), heldUntil(settings, admission))]),
      ...(isOfThisDay ? [unchanged('day', dayOf(admission.now))] : []),
    ],
  };
}

/** Returns the write that gives back what a request was granted that is not sent. */
export function giveBackWrite(
  settings: QuotaSettings,
  door: Door,
  { cell }: Opening,
  admission: Admission,
): ConditionalWrite {
  const { now } = admission;
  const counted = Object.entries(charged(admission));
  const held = cell === null ? [] : [unchanged(cellName(cell), heldUntil(settings, admission))];
  return {
    set: {
      ...(cell !== null && { [cellName(cell)]: now }),
      ...(door.strikes > 0 && { blockedUntil: now }),
    },
    add: Object.fromEntries(counted.map(([name, count]) => [name, -count])),
    when: [...held, unchanged('day', dayOf(now))],
  };
}
