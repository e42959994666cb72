/** Decides whether a request may be sent now. Pure; the write that admits it repeats what the plan rests on. */
import { DAY_MS, dayOf, endOfMonth, endOfPause, monthOf, PAUSE_MS } from './calendar.ts';
import { type Door, type Usage, usageAt } from './door.ts';
import type { QuotaSettings } from './settings.ts';

/** Interactive callers wait for an answer now; bulk can come back. */
export type Lane = 'interactive' | 'bulk';

/**
 * Why a request may not be sent now. `share`: the rest of the day is kept for interactive callers; `bulk-share`:
 * they have had their part, and bulk that waits has not.
 */
export type RefusalReason =
  | 'minute'
  | 'day'
  | 'share'
  | 'bulk-share'
  | 'month'
  | 'midnight'
  | 'blocked';

/** A request may not be sent now. */
export interface QuotaRefusal {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
  /** When that budget opens, epoch milliseconds. */
  readonly until: number;
}

/** A request may be sent now. */
export interface Opening {
  readonly kind: 'open';
  /** Index of a free cell; null if the minute is not kept. */
  readonly cell: number | null;
}

/** Who asks. */
export interface Asking {
  readonly lane: Lane;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whether somebody in the line could go now or soon. */
  readonly isLineDue: boolean;
  /** From 0 to below 1: chooses among cells, so that callers at once do not choose the same. */
  readonly random: number;
}

/** Decides. */
export function planRequest(
  settings: QuotaSettings,
  door: Door,
  asking: Asking,
): Opening | QuotaRefusal {
  const { now, lane } = asking;
  if (now < door.blockedUntil) return refusal('blocked', door.blockedUntil);
  const pauseEnds = endOfPause(now, door.day);
  if (pauseEnds !== null) return refusal('midnight', pauseEnds);
  const usage = usageAt(door, now);
  if (usage.usedMonth >= settings.perMonth) {
    return refusal('month', endOfMonth(monthOf(now)) + PAUSE_MS);
  }
  if (usage.used >= settings.perDay) return refusal('day', tomorrow(now));
  const ofDay =
    lane === 'bulk' ? bulkShare(settings, usage, now) : interactiveShare(settings, usage, asking);
  return ofDay ?? planCell(settings, door, asking);
}

/** Returns whether bulk could send now or as soon as a cell is free. */
export function isOpenToBulk(settings: QuotaSettings, door: Door, now: number): boolean {
  const asking = { lane: 'bulk', now, isLineDue: false, random: 0 } as const;
  const plan = planRequest(settings, door, asking);
  return plan.kind === 'open' || plan.reason === 'minute';
}

/**
 * Returns how many requests of the day bulk may have made: all but those kept, or, when the rest of the day is
 * only just long enough for bulk to send what is left, all. So nothing that is kept is lost, and it is given
 * back as late as possible.
 */
export function bulkLimit(settings: QuotaSettings, usage: Usage, now: number): number {
  const { perDay, keptPerDay } = settings;
  if (now >= givenBackAt(settings, usage, now)) return perDay;
  return perDay - usage.usedElsewhere - Math.max(keptPerDay, usage.usedInteractive);
}

function bulkShare(settings: QuotaSettings, usage: Usage, now: number): QuotaRefusal | null {
  if (usage.usedBulk < bulkLimit(settings, usage, now)) return null;
  return refusal('share', givenBackAt(settings, usage, now));
}

function givenBackAt({ perDay, stepMs }: QuotaSettings, { used }: Usage, now: number): number {
  if (perDay === Number.POSITIVE_INFINITY) return now;
  return (dayOf(now) + 1) * DAY_MS - PAUSE_MS - (perDay - used) * stepMs;
}

/** While places fall due, interactive callers that have had their part of the day wait until bulk has had its. */
function interactiveShare(
  settings: QuotaSettings,
  usage: Usage,
  { isLineDue, now }: Asking,
): QuotaRefusal | null {
  const { keptPerDay, perDay, stepMs } = settings;
  const ofBulk = perDay - keptPerDay - usage.usedElsewhere - usage.usedBulk;
  // Where the minute has no limit, bulk needs no time for its part.
  const isSlow = stepMs > 0 && keptPerDay > 0;
  const mustWait = isLineDue && isSlow && usage.usedInteractive >= keptPerDay && ofBulk > 0;
  return mustWait ? refusal('bulk-share', Math.min(tomorrow(now), now + ofBulk * stepMs)) : null;
}

function planCell(
  settings: QuotaSettings,
  { cells }: Door,
  { lane, isLineDue, now, random }: Asking,
): Opening | QuotaRefusal {
  const { ownCells, keptPerDay } = settings;
  if (settings.cells === 0) return { kind: 'open', cell: null };
  const isOwn = (index: number) =>
    lane === 'interactive' ? index < ownCells : index >= cells.length - ownCells;
  // A day's budget bounds what interactive callers take from the line; without one, the minute must.
  const isForOther = (index: number) =>
    lane === 'bulk'
      ? index < ownCells
      : isLineDue && keptPerDay === 0 && index >= cells.length - ownCells;
  const usable = [...cells.keys()].filter((index) => isOwn(index) || !isForOther(index));
  const free = usable.filter((index) => (cells[index] ?? 0) <= now);
  const ownFree = free.filter(isOwn);
  const choice = ownFree.length > 0 ? ownFree : free;
  const cell = choice[Math.floor(random * choice.length)];
  if (cell !== undefined) return { kind: 'open', cell };
  return refusal('minute', Math.min(...usable.map((index) => cells[index] ?? 0)));
}

function tomorrow(now: number): number {
  return (dayOf(now) + 1) * DAY_MS + PAUSE_MS;
}

function refusal(reason: RefusalReason, until: number): QuotaRefusal {
  return { kind: 'refused', reason, until };
}
