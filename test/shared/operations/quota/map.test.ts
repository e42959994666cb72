import { describe, expect, it } from 'vitest';
import { toQuota } from '../../../../shared/operations/quota/map.ts';
import { quotaOutput } from '../../../../shared/operations/quota/output.ts';
import { type Budgets, budgetSource } from '../../../../shared/quota/budgets.ts';
import { type Door, newDoor, readDoor } from '../../../../shared/quota/door.ts';
import type { Line } from '../../../../shared/quota/line.ts';
import { quotaSettings } from '../../../../shared/quota/settings.ts';

const NOON = Date.UTC(2026, 10, 28, 12);
const NONE = Number.POSITIVE_INFINITY;
const publicKey: Budgets = { perMinute: 4, perDay: 500, perMonth: 15_500 };

function quotaAt(
  changes: Partial<Door> = {},
  { budgets = publicKey, now = NOON, line = {} as Partial<Line> } = {},
) {
  const settings = quotaSettings(budgets, 0.25);
  const door = { ...readDoor(settings, newDoor(settings, now)), ...changes };
  const view = { settings, door, line: { next: 0, seen: -1, overtaken: 0, ...line } };
  const output = toQuota({ view, source: 'tier', now });
  expect(quotaOutput.safeParse(output)).toEqual({ success: true, data: output });
  return output;
}

it('shows a quota that nothing has used', () => {
  expect(quotaAt()).toEqual({
    minute: { allowed: 4, used: 0, free_at: null },
    day: { allowed: 500, used: 0, left: 500, kept: 125, resets_at: '2026-11-29 00:00:00' },
    month: { allowed: 15_500, used: 0, left: 15_500, resets_at: '2026-12-01 00:00:00' },
    lanes: { interactive: { used: 0 }, bulk: { used: 0, waiting: 0, last_at: null } },
    blocked_until: null,
    source: 'tier',
    learnt_at: null,
  });
});

it('shows what each lane has used, who waits, and what is kept', () => {
  const door = { used: 400, usedBulk: 350, usedElsewhere: 10, usedMonth: 9_000 };
  const cells = [NOON + 9_000, NOON + 4_200, NOON - 1, 0];
  const learntAt = NOON - 60_000;
  const line = { next: 7, seen: 1 };
  const { minute, day, month, lanes, learnt_at } = quotaAt({ ...door, cells, learntAt }, { line });
  expect(minute).toEqual({ allowed: 4, used: 2, free_at: null });
  expect(day).toMatchObject({ used: 400, left: 100, kept: 85 });
  expect(month).toMatchObject({ used: 9_000, left: 6_500 });
  expect(lanes.interactive).toEqual({ used: 40 });
  expect(lanes.bulk).toMatchObject({ used: 350, waiting: 5 });
  expect(lanes.bulk.last_at?.slice(0, 13)).toBe('2026-11-28 12');
  expect(learnt_at).toBe('2026-11-28 11:59:00');
});

it('says when the next request may be sent, in a whole second that is not too early', () => {
  const cells = [NOON + 9_000, NOON + 4_200, NOON + 5_000, NOON + 8_000];
  expect(quotaAt({ cells }).minute).toEqual({
    allowed: 4,
    used: 4,
    free_at: '2026-11-28 12:00:05',
  });
  expect(quotaAt({ blockedUntil: NOON + 1 }).blocked_until).toBe('2026-11-28 12:00:01');
});

describe('without numbers', () => {
  it('is null where there is no limit', () => {
    const budgets = { perMinute: NONE, perDay: NONE, perMonth: NONE };
    const { minute, day, month } = quotaAt({ used: 9, usedMonth: 90 }, { budgets });
    expect(minute).toEqual({ allowed: null, used: null, free_at: null });
    expect(day).toMatchObject({ allowed: null, used: 9, left: null, kept: 0 });
    expect(month).toMatchObject({ allowed: null, used: 90, left: null });
  });

  it('is null where requests are not counted one by one', () => {
    const budgets = { ...publicKey, perMinute: 1_000 };
    expect(quotaAt({}, { budgets }).minute).toMatchObject({ allowed: 1_000, used: null });
  });
});

it('keeps nothing once the rest of the day is given back to bulk', () => {
  const door = { used: 375, usedBulk: 375 };
  expect(quotaAt(door, { now: NOON }).day.kept).toBe(125);
  expect(quotaAt(door, { now: Date.UTC(2026, 10, 28, 23, 50) }).day.kept).toBe(0);
});

it('of a day that is over shows the new one', () => {
  const yesterday = Math.floor(NOON / 86_400_000) - 1;
  expect(quotaAt({ day: yesterday, used: 500 }).day).toMatchObject({ used: 0, left: 500 });
});

it.each([
  [{}, {}, 'tier'],
  [{ perDay: 5 }, {}, 'context'],
  [{ perDay: 5 }, { perDay: 7 }, 'context'],
  [{ perDay: 5 }, { perDay: 7, perMinute: 4 }, 'account'],
  [{}, { perMonth: NONE }, 'account'],
] as const)('takes budgets %o and %o as from the %s', (configured, learnt, source) => {
  expect(budgetSource(configured, learnt)).toBe(source);
});
