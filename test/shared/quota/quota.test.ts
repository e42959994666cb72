/** The pure core of the quota: settings, plans, the line, estimates, blocks, and what is learnt. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admissionWrite, giveBackWrite } from '../../../shared/quota/admission.ts';
import {
  blockedUntil,
  blockWrite,
  probeEndedWrite,
  prolongBlockWrite,
} from '../../../shared/quota/block.ts';
import { type Budgets, effectiveBudgets } from '../../../shared/quota/budgets.ts';
import { DAY_MS, endOfMonth, monthOf, PAUSE_MS } from '../../../shared/quota/calendar.ts';
import { type Door, newDoor, readDoor } from '../../../shared/quota/door.ts';
import { estimateTurn, requestsPerCall } from '../../../shared/quota/estimate.ts';
import { isTimeToAsk, learntBudgets, learnWrite } from '../../../shared/quota/learn.ts';
import { type Line, progressAt } from '../../../shared/quota/line.ts';
import { describeWait } from '../../../shared/quota/messages.ts';
import { type Asking, planRequest } from '../../../shared/quota/plan.ts';
import { quotaSettings } from '../../../shared/quota/settings.ts';
import { askAgainAt } from '../../../shared/quota/tell.ts';
import { type Caller, nextTurn } from '../../../shared/quota/turn.ts';
import { NumberItem } from '../../simulation/table.ts';

const NOON = Date.UTC(2026, 10, 28, 12);
const MIDNIGHT = Date.UTC(2026, 10, 29);
const NONE = Number.POSITIVE_INFINITY;
const publicKey: Budgets = { perMinute: 4, perDay: 500, perMonth: 15_500 };
const settings = quotaSettings(publicKey, 0.25);
const emptyLine: Line = { next: 0, seen: -1, overtaken: 0 };

function doorAt(now: number, changes: Partial<Door> = {}): Door {
  return { ...readDoor(settings, newDoor(settings, now)), ...changes };
}

function planAt(door: Door, now: number, asking: Partial<Asking> = {}) {
  return planRequest(settings, door, { lane: 'bulk', now, isLineDue: false, random: 0, ...asking });
}

describe('settings', () => {
  it('give a public key four cells of 62.5 s, one for each lane and two in common', () => {
    expect(settings).toMatchObject({ cells: 4, cellMs: 62_500, ownCells: 1, keptPerDay: 125 });
  });

  it('waste at most a tenth of any minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6_000 }), (perMinute) => {
        const { cells, cellMs } = quotaSettings({ ...publicKey, perMinute }, 0);
        expect(cells).toBeLessThanOrEqual(20);
        expect((cells * 62_500) / cellMs).toBeGreaterThan(0.9 * perMinute);
        expect((cells * 62_500) / cellMs).toBeLessThanOrEqual(perMinute);
      }),
    );
  });

  it('keep no minute above 6,000, and no day that has no limit', () => {
    const fast = quotaSettings({ perMinute: 6_001, perDay: NONE, perMonth: NONE }, 0.25);
    expect(fast).toMatchObject({ cells: 0, keptPerDay: 0 });
  });

  it('come from the operator, else from the account, else from the tier', () => {
    const learnt = { perMinute: 1_000, perDay: NONE };
    expect(effectiveBudgets({ perDay: 50 }, learnt, 'public')).toEqual({
      perMinute: 1_000,
      perDay: 50,
      perMonth: 15_500,
    });
  });
});

describe('a plan', () => {
  it('gives interactive callers their own cell first, bulk its own', () => {
    expect(planAt(doorAt(NOON), NOON, { lane: 'interactive' })).toMatchObject({ cell: 0 });
    expect(planAt(doorAt(NOON), NOON)).toMatchObject({ cell: 3 });
  });

  it('leaves one cell to interactive callers when bulk has taken the others', () => {
    const door = doorAt(NOON, { cells: [0, NOON + 3, NOON + 2, NOON + 1] });
    expect(planAt(door, NOON)).toEqual({ kind: 'refused', reason: 'minute', until: NOON + 1 });
    expect(planAt(door, NOON, { lane: 'interactive' })).toMatchObject({ kind: 'open', cell: 0 });
  });

  it('leaves bulk a cell where only the minute is limited and somebody waits', () => {
    const minute = quotaSettings({ perMinute: 4, perDay: NONE, perMonth: NONE }, 0.25);
    const door = { ...doorAt(NOON), cells: [NOON + 9, NOON + 9, NOON + 9, 0] };
    const asking = { lane: 'interactive', now: NOON, random: 0 } as const;
    expect(planRequest(minute, door, { ...asking, isLineDue: true }).kind).toBe('refused');
    expect(planRequest(minute, door, { ...asking, isLineDue: false }).kind).toBe('open');
  });

  it('keeps a quarter of the day from bulk until there is just time left to use it', () => {
    const door = doorAt(NOON, { used: 375, usedBulk: 375 });
    const plan = planAt(door, NOON);
    expect(plan).toMatchObject({ kind: 'refused', reason: 'share' });
    if (plan.kind !== 'refused') throw new Error('open');
    expect(MIDNIGHT - plan.until).toBe(PAUSE_MS + 125 * settings.stepMs);
    expect(planAt(door, plan.until).kind).toBe('open');
    expect(planAt(door, NOON, { lane: 'interactive' }).kind).toBe('open');
  });

  it('lets interactive callers beyond their part wait only while bulk has not had its part', () => {
    const door = doorAt(NOON, { used: 425, usedBulk: 300 });
    const waits = planAt(door, NOON, { lane: 'interactive', isLineDue: true });
    expect(waits).toMatchObject({ reason: 'bulk-share', until: NOON + 75 * settings.stepMs });
    expect(planAt(door, NOON, { lane: 'interactive' }).kind).toBe('open');
  });

  it.each([
    ['a spent day', { used: 500 }, NOON, 'day', MIDNIGHT + PAUSE_MS],
    ['a spent month', { usedMonth: 15_500 }, NOON, 'month', Date.UTC(2026, 11, 1) + PAUSE_MS],
    ['the second before midnight', {}, MIDNIGHT - 1_000, 'midnight', MIDNIGHT + PAUSE_MS],
    ['the second after midnight', {}, MIDNIGHT + 1_000, 'midnight', MIDNIGHT + PAUSE_MS],
    ['a block', { blockedUntil: NOON + 7 }, NOON, 'blocked', NOON + 7],
    ['a day that another clock has begun', { day: 20_786 }, NOON, 'midnight', MIDNIGHT + PAUSE_MS],
  ] as const)('refuses both lanes on %s', (_what, changes, now, reason, until) => {
    for (const lane of ['bulk', 'interactive'] as const) {
      expect(planAt(doorAt(NOON, changes), now, { lane })).toEqual({
        kind: 'refused',
        reason,
        until,
      });
    }
  });
});

describe('an admission', () => {
  const admission = { lane: 'bulk', isFirst: true, isFree: false, endsBy: null } as const;

  it('that is free takes a cell, and no part of day and month', () => {
    const item = new NumberItem({ ...newDoor(settings, NOON), used: 7, usedBulk: 7 });
    const opening = { kind: 'open', cell: 2 } as const;
    const free = { ...admission, isFree: true, now: NOON };
    item.write(admissionWrite(settings, readDoor(settings, item.values), opening, free));
    const taken = { c2: NOON + 62_500, used: 7, usedBulk: 7, usedMonth: 0 };
    expect(item.values).toMatchObject({ ...taken, bulkRequests: 0, bulkCalls: 1 });
    item.write(giveBackWrite(settings, doorAt(NOON), opening, free));
    expect(item.values).toMatchObject({ ...taken, c2: NOON, bulkCalls: 0 });
  });

  it('counts on, and is refused the second time', () => {
    const item = new NumberItem(newDoor(settings, NOON));
    const opening = { kind: 'open', cell: 2 } as const;
    const door = readDoor(settings, item.values);
    const write = admissionWrite(settings, door, opening, { ...admission, now: NOON });
    expect([item.write(write), item.write(write)]).toEqual([true, false]);
    const { cells, used, usedBulk, usedMonth, bulkCalls } = readDoor(settings, item.values);
    expect(cells).toEqual([0, 0, NOON + 62_500, 0]);
    expect({ used, usedBulk, usedMonth, bulkCalls }).toEqual({
      used: 1,
      usedBulk: 1,
      usedMonth: 1,
      bulkCalls: 1,
    });
  });

  it('of a new day begins its counters, remembers half, and charges a body that is still being sent', () => {
    const before = {
      ...newDoor(settings, NOON),
      used: 90,
      usedBulk: 10,
      usedMonth: 90,
      carried: 1,
    };
    const now = MIDNIGHT + PAUSE_MS;
    const item = new NumberItem({ ...before, lookups: 20, bulkCalls: 8 });
    const opening = { kind: 'open', cell: 3 } as const;
    const door = readDoor(settings, item.values);
    expect(item.write(admissionWrite(settings, door, opening, { ...admission, now }))).toBe(true);
    expect(readDoor(settings, item.values)).toMatchObject({
      used: 2,
      usedBulk: 2,
      usedMonth: 91,
      lookups: 50,
      bulkCalls: 5,
    });
  });
});

describe('a refusal of VirusTotal', () => {
  const refused = { now: NOON, retryAfterMs: null };

  it('closes the door for a minute, doubling to a quarter of an hour', () => {
    const minutes = [0, 1, 2, 3, 4, 5].map(
      (strikes) => (blockedUntil(settings, doorAt(NOON, { strikes }), refused) - NOON) / 60_000,
    );
    expect(minutes).toEqual([1, 2, 4, 8, 15, 15]);
  });

  it('closes it to the reset that the account shows', () => {
    const until = (spent: 'day' | 'month' | null) =>
      blockedUntil(settings, doorAt(NOON, { used: 490 }), { ...refused, spent });
    expect(until('day')).toBe(MIDNIGHT + PAUSE_MS);
    expect(until('month')).toBe(Date.UTC(2026, 11, 1) + PAUSE_MS);
    expect(until(null)).toBe(NOON + 60_000);
  });

  it('closes it to midnight if the account is unknown and the day is nearly used', () => {
    expect(blockedUntil(settings, doorAt(NOON, { used: 480 }), refused)).toBe(MIDNIGHT + PAUSE_MS);
  });

  it('closes it as long as VirusTotal asks', () => {
    expect(blockedUntil(settings, doorAt(NOON), { ...refused, retryAfterMs: 5_000 })).toBe(
      NOON + 5_000,
    );
  });

  it('lets one request find out whether it is over', () => {
    const item = new NumberItem(newDoor(settings, NOON));
    const admittedTo = readDoor(settings, item.values);
    expect(item.write(blockWrite(admittedTo, NOON + 60_000))).toBe(true);
    // Of requests that were refused together.
    expect(item.write(blockWrite(admittedTo, NOON + 60_001))).toBe(false);
    expect(item.values).toMatchObject({ strikes: 1, blockedUntil: NOON + 60_000 });
    expect(item.write(prolongBlockWrite(NOON + 60_000))).toBe(false);
    const now = NOON + 60_000;
    const ask = () => planAt(readDoor(settings, item.values), now);
    const plan = ask();
    if (plan.kind !== 'open') throw new Error('closed');
    // A body that may take ten minutes.
    const probe = {
      lane: 'bulk',
      isFirst: true,
      isFree: false,
      endsBy: now + 600_000,
      now,
    } as const;
    const door = readDoor(settings, item.values);
    item.write(admissionWrite(settings, door, plan, probe));
    expect(ask()).toMatchObject({ kind: 'refused', reason: 'blocked', until: now + 662_500 });
    for (const [isAnswered, strikes] of [
      [false, 1],
      [true, 0],
    ] as const) {
      const ended = new NumberItem(item.values);
      expect(ended.write(probeEndedWrite(settings, door, probe, isAnswered))).toBe(true);
      expect(ended.values).toMatchObject({ strikes, blockedUntil: now + 62_500 });
    }
  });

  it('is not over when a request is refused that was sent before the probe', () => {
    const item = new NumberItem({ ...newDoor(settings, NOON), strikes: 1 });
    const door = readDoor(settings, item.values);
    const probe = { lane: 'bulk', isFirst: true, isFree: false, endsBy: null, now: NOON } as const;
    item.write(admissionWrite(settings, door, { kind: 'open', cell: 1 }, probe));
    item.write(prolongBlockWrite(NOON + 120_000));
    expect(item.write(probeEndedWrite(settings, door, probe, true))).toBe(false);
  });
});

describe('the line', () => {
  const caller: Caller = { lane: 'bulk', hasBegun: false, place: null, now: NOON, random: 0 };
  const busy = doorAt(NOON, { cells: [0, NOON + 9_000, NOON + 9_000, NOON + 9_000] });

  function turn(line: Partial<Line>, changes: Partial<Caller> = {}, door = busy) {
    const view = { settings, door, line: { ...emptyLine, ...line } };
    return nextTurn(view, { ...caller, ...changes });
  }

  it('is passed by a caller that finds a free cell and an empty line', () => {
    expect(turn({}, {}, doorAt(NOON))).toMatchObject({ kind: 'go', isOvertaking: false });
  });

  it('takes a caller that finds no free cell, or others waiting', () => {
    expect(turn({}).kind).toBe('take-place');
    const used = doorAt(NOON, { cells: [0, NOON - 1, NOON - 1, NOON - 1] });
    expect(turn({ next: 5 }, {}, used).kind).toBe('take-place');
  });

  it('lets a place go to the door 5 minutes before its turn, and not sooner', () => {
    const used = doorAt(NOON, { cells: [0, NOON - 1, NOON - 1, NOON - 1] });
    expect(turn({ next: 40 }, { place: 10 }, used).kind).toBe('go');
    expect(turn({ next: 40 }, { place: 30 }, used)).toMatchObject({ kind: 'wait', reason: 'line' });
  });

  it('says which budget it waits for, and when that opens', () => {
    const spent = doorAt(NOON, { used: 500, usedBulk: 400 });
    expect(turn({ next: 1_000 }, { place: 900 }, spent)).toMatchObject({
      ...{ kind: 'wait', reason: 'day', opensAt: MIDNIGHT + PAUSE_MS },
      until: expect.toSatisfy((until: number) => until > MIDNIGHT + DAY_MS),
    });
    const ofBulk = doorAt(NOON, { used: 375, usedBulk: 375 });
    expect(turn({ next: 40 }, { place: 30 }, ofBulk)).toMatchObject({ reason: 'share' });
  });

  it('is overtaken when a cell of bulk is free for 5 minutes', () => {
    const idle = doorAt(NOON, { cells: [0, NOON - 300_001, NOON, NOON] });
    expect(turn({ next: 900 }, { place: 800 }, idle)).toMatchObject({ isOvertaking: true });
    expect(turn({ next: 900 }, {}, idle)).toMatchObject({ kind: 'go', isOvertaking: true });
  });

  it('does not hold up work that has begun, or interactive callers', () => {
    const free = doorAt(NOON, { cells: [0, NOON - 1, NOON, NOON] });
    expect(turn({ next: 900 }, { hasBegun: true }, free).kind).toBe('go');
    expect(turn({ next: 900 }, { lane: 'interactive' }, free).kind).toBe('go');
    expect(turn({ next: 900 }, { hasBegun: true })).toMatchObject({ reason: 'minute' });
  });

  it('refuses a place when it is longer than 60 days', () => {
    expect(turn({ next: 25_000 }).kind).toBe('take-place');
    const tooLong = turn({ next: 32_000 });
    expect(tooLong.kind).toBe('too-long');
    if (tooLong.kind === 'too-long') expect(tooLong.shorterAt).toBeGreaterThan(NOON);
  });

  it('moves by at most ten places, until several in a row have overtaken it', () => {
    expect(progressAt(emptyLine, 4, false)).toEqual({ seen: 4, overtaken: 0 });
    expect(progressAt(emptyLine, 400, true)).toEqual({ seen: 9, overtaken: 1 });
    const overtaken = { ...emptyLine, overtaken: 6 };
    expect(progressAt(overtaken, 400, true)).toEqual({ seen: 39, overtaken: 7 });
    expect(progressAt(overtaken, 400, false)).toEqual({ seen: 9, overtaken: 0 });
    expect(progressAt({ ...emptyLine, seen: 4 }, 4, false)).toBeNull();
  });
});

describe('an estimate', () => {
  it('is never before a place before it, nor in the past', () => {
    const state = fc.record({
      used: fc.integer({ min: 0, max: 500 }),
      now: fc.integer({ min: NOON - DAY_MS, max: NOON + DAY_MS }),
      usedMonth: fc.integer({ min: 500, max: 16_000 }),
      bulkRequests: fc.integer({ min: 0, max: 90 }),
      before: fc.integer({ min: 0, max: 20_000 }),
    });
    fc.assert(
      fc.property(state, ({ now, before, ...changes }) => {
        const door = doorAt(now, { ...changes, usedBulk: Math.min(375, changes.used) });
        const turn = estimateTurn(settings, door, before, now);
        expect(turn).toBeGreaterThanOrEqual(now);
        expect(estimateTurn(settings, door, before + 1, now)).toBeGreaterThanOrEqual(turn);
      }),
    );
  });

  it('of a line of 10,000 is about three weeks', () => {
    const days = (estimateTurn(settings, doorAt(NOON), 10_000, NOON) - NOON) / DAY_MS;
    expect(days).toBeGreaterThan(20);
    expect(days).toBeLessThan(25);
  });

  it('goes on in the next month when the month is spent', () => {
    const door = doorAt(NOON, { usedMonth: 15_490 });
    const firstOfMonth = endOfMonth(monthOf(NOON));
    expect(estimateTurn(settings, door, 5, NOON)).toBeLessThan(firstOfMonth);
    expect(estimateTurn(settings, door, 11, NOON)).toBeGreaterThan(firstOfMonth);
  });

  it('counts the requests of a call as they are measured, 1 to 4', () => {
    expect(requestsPerCall(doorAt(NOON))).toBe(1);
    expect(requestsPerCall(doorAt(NOON, { bulkRequests: 180, bulkCalls: 80 }))).toBe(2);
    expect(requestsPerCall(doorAt(NOON, { bulkRequests: 980, bulkCalls: 80 }))).toBe(4);
  });

  it('that is far is waited for in part, three days at most', () => {
    const wait = (days: number) => (askAgainAt(NOON + days * DAY_MS, NOON) - NOON) / DAY_MS;
    expect([1, 2, 30].map(wait)).toEqual([1, 1.5, 3]);
  });
});

describe('what the account says', () => {
  const learn = (
    past: Partial<Door>,
    usedDay: number | null,
    more = {},
    since: Partial<Door> = {},
  ) => {
    const before = { ...newDoor(settings, NOON), ...numbersOf(past) };
    const item = new NumberItem({ ...before, ...numbersOf({ ...past, ...since }) });
    const said = { usedDay, usedMonth: null, ...more };
    const question = { askedAt: NOON, before: readDoor(settings, before) };
    const read = readDoor(settings, item.values);
    expect(item.write(learnWrite(settings, read, said, question))).toBe(true);
    return item.values;
  };

  const numbersOf = ({ used = 0, cells = [] }: Partial<Door>) => ({
    used,
    ...Object.fromEntries(cells.map((freeAt, index) => [`c${index}`, freeAt])),
  });

  it('raises the count at once, for neither lane', () => {
    expect(learn({ used: 10, cells: [NOON + 9] }, 14)).toMatchObject({
      used: 14,
      usedElsewhere: 4,
    });
  });

  it('lowers it only after five minutes without a request', () => {
    expect(learn({ used: 10, cells: [NOON + 9] }, 4)).toMatchObject({ used: 10 });
    const quiet = [NOON - 300_000];
    expect(learn({ used: 10, cells: quiet }, 4)).toMatchObject({ used: 4, usedElsewhere: -6 });
  });

  it('does not hide the requests that the ledger has admitted since those five minutes', () => {
    const quiet = [NOON - 300_000];
    const since = { used: 12, cells: [NOON - 300_000, NOON + 62_000] };
    expect(learn({ used: 10, cells: quiet }, 4, {}, since)).toMatchObject({ used: 6 });
    expect(learn({ used: 10, cells: quiet }, 11, {}, since)).toMatchObject({ used: 12 });
    expect(learn({ used: 10, cells: quiet }, 13, {}, since)).toMatchObject({ used: 13 });
  });

  it('replaces the budgets that it knows; no limit is kept as 0', () => {
    const item = learn({}, null, { perMinute: 1_000, perMonth: NONE });
    expect(learntBudgets(item)).toEqual({
      perMinute: 1_000,
      perDay: undefined,
      perMonth: NONE,
    });
  });

  it('is asked every 15 minutes, and each minute for the last requests of a day', () => {
    const asked = { askedAt: NOON - 61_000 };
    expect(isTimeToAsk(settings, doorAt(NOON, asked), NOON)).toBe(false);
    expect(isTimeToAsk(settings, doorAt(NOON, { ...asked, used: 492 }), NOON)).toBe(true);
    expect(isTimeToAsk(settings, doorAt(NOON, { ...asked, used: 500 }), NOON)).toBe(false);
    expect(isTimeToAsk(settings, doorAt(NOON), NOON)).toBe(true);
  });
});

describe('a message', () => {
  const until = NOON + 63_400;
  const view = {
    settings,
    door: doorAt(NOON, { used: 500, usedBulk: 388 }),
    line: { next: 9_571, seen: -1, overtaken: 0 },
  };
  const message = (
    reason: Parameters<typeof describeWait>[1]['reason'],
    place: number | null = null,
    lane: 'interactive' | 'bulk' = 'interactive',
  ) => describeWait(view, { reason, until, place, lane }, NOON);

  it('names the budget and when it is renewed', () => {
    expect(message('minute')).toBe(
      "The minute's 4 requests are used; the next is free at 2026-11-28T12:01:04Z.",
    );
    expect(message('day')).toBe(
      "The day's 500 requests are used (bulk 388, interactive 112); they are renewed at 2026-11-28T12:01:04Z.",
    );
  });

  it('says which part a lane has used', () => {
    expect(message('minute', null, 'bulk')).toBe(
      "Bulk's part of the minute's 4 requests is used; the next is free at 2026-11-28T12:01:04Z.",
    );
    expect(message('share', null, 'bulk')).toBe(
      "Bulk's part of the day's 500 requests is used; the rest is kept for interactive callers until 2026-11-28T12:01:04Z.",
    );
    expect(message('bulk-share')).toBe(
      "Interactive callers have had their part of the day's 500 requests, and bulk is waiting for its own until 2026-11-28T12:01:04Z.",
    );
  });

  it('names the place and when its turn is', () => {
    const waiting = {
      reason: 'day',
      until,
      opensAt: NOON + 3_000,
      place: 4,
      lane: 'bulk',
    } as const;
    expect(describeWait(view, waiting, NOON)).toBe(
      "The day's 500 requests are used (bulk 388, interactive 112); they are renewed at 2026-11-28T12:00:03Z. place=5 of 9571. Its turn is at about 2026-11-28T12:01:04Z.",
    );
    expect(message('line', 1_233)).toBe(
      "Others wait longer for VirusTotal's quota. place=1234 of 9571. Its turn is at about 2026-11-28T12:01:04Z.",
    );
    expect(message('too-long')).toContain('longer than 60 days');
  });
});
