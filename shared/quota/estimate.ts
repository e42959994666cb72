/**
 * Estimates when a place comes up, from what the door shows now. Each caller makes the estimate again when it
 * asks, so nothing has to be rewritten when budgets, interactive callers or refusals change it.
 */
import { DAY_MS, dayOf, endOfMonth, monthOf, PAUSE_MS } from './calendar.ts';
import { type Door, usageAt } from './door.ts';
import type { QuotaSettings } from './settings.ts';

/** Requests count as so many calls before anything is measured, so that the first few decide little. */
const PRIOR = 20;

/** Most requests that a call is assumed to make. */
const MOST_PER_CALL = 4;

/** How much longer bulk takes where a call makes several requests, which do not come one after another. */
const SLACK = 1.15;

/** Months that an estimate looks ahead; a line is shorter. */
const MOST_MONTHS = 24;

/** Returns how many requests a call of bulk makes, as measured. */
export function requestsPerCall({ bulkRequests, bulkCalls }: Door): number {
  const measured = (bulkRequests + PRIOR) / (bulkCalls + PRIOR);
  return Math.min(MOST_PER_CALL, Math.max(1, measured));
}

/** A stretch of time in which places come up one after another. */
interface Stretch {
  readonly from: number;
  readonly places: number;
}

/**
 * Estimates.
 *
 * @param before - places before this one
 * @param now - epoch milliseconds
 * @returns epoch milliseconds
 */
export function estimateTurn(
  settings: QuotaSettings,
  door: Door,
  before: number,
  now: number,
): number {
  const perCall = requestsPerCall(door);
  const pace = settings.stepMs * perCall * (perCall > 1.05 ? SLACK : 1);
  const bulkCells = door.cells.slice(settings.ownCells);
  const first = Math.max(now, door.blockedUntil, bulkCells.length > 0 ? Math.min(...bulkCells) : 0);
  let waiting: Waiting = { rest: before, start: first, pace, perCall };
  for (let months = 0; months < MOST_MONTHS; months += 1) {
    const places = placesOfMonth(settings, door, waiting);
    if (waiting.rest < places) break;
    const start = endOfMonth(monthOf(waiting.start)) + PAUSE_MS;
    waiting = { ...waiting, rest: waiting.rest - places, start };
  }
  return withinDays(settings, door, waiting);
}

/** How many places come up before the month ends: as many as its days allow, unless its budget allows less. */
function placesOfMonth(settings: QuotaSettings, door: Door, waiting: Waiting): number {
  const { start, pace, perCall } = waiting;
  const ends = endOfMonth(monthOf(start));
  const { usedMonth } = usageAt(door, start);
  const ofBudget = Math.max(0, Math.floor((settings.perMonth - usedMonth) / perCall));
  if (settings.perDay === Number.POSITIVE_INFINITY) {
    return Math.min(ofBudget, Math.floor((ends - PAUSE_MS - start) / pace));
  }
  const ofToday = today(settings, door, waiting).reduce((sum, { places }) => sum + places, 0);
  const { byDay, givenBack } = placesOfDay(settings, door, perCall);
  const days = Math.round(ends / DAY_MS) - dayOf(start) - 1;
  return Math.min(ofBudget, ofToday + days * (byDay + givenBack));
}

/** How many places come up on a whole day: bulk's part, and what interactive callers leave of theirs. */
function placesOfDay({ perDay, keptPerDay }: QuotaSettings, door: Door, perCall: number) {
  const lookups = Math.min(keptPerDay, door.lookups);
  return {
    byDay: Math.max(1, Math.floor((perDay - keptPerDay) / perCall)),
    givenBack: Math.max(0, Math.floor((keptPerDay - lookups) / perCall)),
  };
}

interface Waiting {
  readonly rest: number;
  readonly start: number;
  readonly pace: number;
  readonly perCall: number;
}

function withinDays(settings: QuotaSettings, door: Door, waiting: Waiting): number {
  const { rest, start, pace } = waiting;
  if (settings.perDay === Number.POSITIVE_INFINITY) return start + rest * pace;
  let left = rest;
  for (const { from, places } of today(settings, door, waiting)) {
    if (left < places) return from + left * pace;
    left -= places;
  }
  const { byDay, givenBack } = placesOfDay(settings, door, waiting.perCall);
  const days = 1 + Math.floor(left / (byDay + givenBack));
  const ofDay = left % (byDay + givenBack);
  const begins = (dayOf(start) + days) * DAY_MS;
  return ofDay < byDay
    ? begins + PAUSE_MS + ofDay * pace
    : begins + DAY_MS - PAUSE_MS - (byDay + givenBack - ofDay) * pace;
}

/** Today's part of bulk, and what is given back of the other in the evening. */
function today(
  settings: QuotaSettings,
  door: Door,
  { start, pace, perCall }: Waiting,
): readonly Stretch[] {
  const { perDay, keptPerDay, stepMs } = settings;
  const ends = (dayOf(start) + 1) * DAY_MS - PAUSE_MS;
  const { used, usedInteractive } = usageAt(door, start);
  const keptLeft = Math.max(0, keptPerDay - usedInteractive);
  const open = Math.max(
    0,
    Math.floor(Math.min(perDay - used - keptLeft, (ends - start) / stepMs) / perCall),
  );
  const lookups = Math.max(usedInteractive, Math.min(keptPerDay, door.lookups));
  const spare = Math.min(keptLeft, perDay - used - open * perCall, keptPerDay - lookups) / perCall;
  const givenBack = Math.max(0, Math.floor(spare));
  return [
    { from: start, places: open },
    { from: Math.max(start, ends - givenBack * pace), places: givenBack },
  ];
}
