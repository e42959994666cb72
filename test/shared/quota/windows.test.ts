/** No window, day or month is over its budget, as VirusTotal counts it. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Admission,
  admissionWrite,
  bodyEndedWrite,
  giveBackWrite,
} from '../../../shared/quota/admission.ts';
import type { Budgets } from '../../../shared/quota/budgets.ts';
import { DAY_MS, dayOf, monthOf } from '../../../shared/quota/calendar.ts';
import { mustRenewCells, renewCellsWrite } from '../../../shared/quota/cells.ts';
import { newDoor, readDoor } from '../../../shared/quota/door.ts';
import { planRequest } from '../../../shared/quota/plan.ts';
import { GRANT_MS, quotaSettings } from '../../../shared/quota/settings.ts';
import { dice } from '../../simulation/dice.ts';
import { EventQueue } from '../../simulation/event-queue.ts';
import { NumberItem } from '../../simulation/table.ts';

/** A few minutes before the end of a month, of a day, and at noon. */
const beginnings = [
  Date.UTC(2026, 10, 30, 23, 56),
  Date.UTC(2027, 1, 28, 23, 57),
  Date.UTC(2026, 10, 28, 23, 58),
  Date.UTC(2026, 10, 28, 12),
];

/** How long callers come, milliseconds. */
const LASTS_MS = 6 * 60_000;

const budgets = fc.record({
  perMinute: fc.oneof(fc.integer({ min: 1, max: 45 }), fc.constantFrom(240, 1_000, 6_000, 9_000)),
  perDay: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant(Number.POSITIVE_INFINITY)),
  perMonth: fc.oneof(fc.integer({ min: 1, max: 80 }), fc.constant(Number.POSITIVE_INFINITY)),
});

interface Situation {
  readonly budgets: Budgets;
  readonly share: number;
  readonly start: number;
  readonly seed: number;
  /** Another budget a minute, which some of the callers know: a deployment under way. */
  readonly laterPerMinute: number | null;
}

const situation: fc.Arbitrary<Situation> = fc.record({
  budgets,
  share: fc.constantFrom(0, 0.25, 0.5),
  start: fc.constantFrom(...beginnings),
  seed: fc.integer(),
  laterPerMinute: fc.option(fc.integer({ min: 1, max: 45 })),
});

/** Callers whose clocks are up to 1 s off, whose writes are slow, and whose bodies take up to three minutes. */
function countedRequests({ budgets: given, share, start, seed, laterPerMinute }: Situation) {
  const random = dice(seed);
  const events = new EventQueue(start);
  const settingsOf = (perMinute: number) => quotaSettings({ ...given, perMinute }, share);
  const former = settingsOf(given.perMinute);
  const later = laterPerMinute === null ? former : settingsOf(laterPerMinute);
  const item = new NumberItem(newDoor(former, start - DAY_MS));
  const counted: { at: number; isFree: boolean }[] = [];
  const ends = start + LASTS_MS;
  const caller = (skew: number): void => {
    const settings = events.now - start > 120_000 && random() < 0.98 ? later : former;
    const now = events.now + skew;
    if (mustRenewCells(settings, item.values)) {
      const renewal = renewCellsWrite(settings, item.values, now);
      events.after(1 + (random() < 0.3 ? random() * 5_000 : 0), () => {
        item.write(renewal);
        caller(skew);
      });
      return;
    }
    const door = readDoor(settings, item.values);
    const lane = random() < 0.5 ? 'bulk' : 'interactive';
    const isLineDue = random() < 0.5;
    const plan = planRequest(settings, door, { lane, now, isLineDue, random: random() });
    if (plan.kind === 'refused') {
      expect(plan.until).toBeGreaterThan(now);
      if (plan.until < ends) events.at(plan.until - skew, () => caller(skew));
      return;
    }
    const bodyMs = random() < 0.2 ? random() * 180_000 : null;
    // A second more than it takes, for the time from the plan to the request.
    const endsBy = bodyMs === null ? null : now + 181_000;
    const isFree = random() < 0.2;
    const admission: Admission = { lane, now, isFirst: random() < 0.5, isFree, endsBy };
    const write = admissionWrite(settings, door, plan, admission);
    const slow = random() < 0.3 ? random() * 2_000 : random() * 50;
    events.after(slow, () => {
      if (!item.write(write)) {
        caller(skew);
        return;
      }
      if (slow > GRANT_MS * random()) {
        item.write(giveBackWrite(settings, door, plan, admission));
        return;
      }
      const rest = random() * (GRANT_MS - slow);
      // With a body, VirusTotal counts at any time until its end.
      events.after(rest + random() * (bodyMs ?? 0), () => {
        counted.push({ at: events.now, isFree });
      });
      events.after(rest + (bodyMs ?? 0), () => {
        if (bodyMs === null) return;
        const ended = bodyEndedWrite(settings, plan, admission, events.now + skew);
        if (ended) item.write(ended);
      });
    });
  };
  const calls = Math.min(400, 30 + 4 * Math.max(given.perMinute, laterPerMinute ?? 0));
  for (let index = 0; index < calls; index += 1) {
    // Half of the clocks are as wrong as they may be.
    const skew = random() < 0.5 ? (random() * 2 - 1) * 1_000 : random() < 0.5 ? 1_000 : -1_000;
    events.at(start + random() * LASTS_MS, () => caller(skew));
  }
  events.run(Number.POSITIVE_INFINITY);
  return counted.toSorted((a, b) => a.at - b.at);
}

function mostWithin(times: readonly number[], windowMs: number): number {
  let first = 0;
  return times.reduce((most, time, last) => {
    while (time - (times[first] ?? time) >= windowMs) first += 1;
    return Math.max(most, last - first + 1);
  }, 0);
}

function mostOf(times: readonly number[], periodOf: (ms: number) => number): number {
  return Math.max(0, ...[...Map.groupBy(times, periodOf).values()].map(({ length }) => length));
}

it('admits at most a budget in any 60 s, UTC day and month, with clocks 1 s off, slow writes and long bodies', () => {
  let admitted = 0;
  fc.assert(
    fc.property(situation, (given) => {
      const requests = countedRequests(given);
      const times = requests.map(({ at }) => at);
      const charged = requests.filter(({ isFree }) => !isFree).map(({ at }) => at);
      admitted += times.length;
      const { perMinute, perDay, perMonth } = given.budgets;
      const most = Math.max(perMinute, given.laterPerMinute ?? 0);
      expect(mostWithin(times, 60_000)).toBeLessThanOrEqual(most);
      expect(mostOf(charged, dayOf)).toBeLessThanOrEqual(perDay);
      expect(mostOf(charged, monthOf)).toBeLessThanOrEqual(perMonth);
    }),
    { numRuns: 120 },
  );
  expect(admitted).toBeGreaterThan(1_000);
});
