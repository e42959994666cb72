import { describe, expect, it } from 'vitest';
import { secondsToReset } from '../../../shared/virustotal/quota.ts';

const now = Date.UTC(2026, 11, 30, 18, 0, 0);
const spent = { user: { allowed: 500, used: 500 } };
const left = { user: { allowed: 500, used: 499 } };
const body = (daily: unknown, monthly: unknown) => ({
  data: { api_requests_daily: daily, api_requests_monthly: monthly },
});

describe('secondsToReset', () => {
  it('is a minute while day and month are not spent', () => {
    expect(secondsToReset(body(left, left), now)).toBe(60);
  });

  it('is the next UTC midnight when the day is spent', () => {
    expect(secondsToReset(body(spent, left), now)).toBe(6 * 3600);
  });

  it('is the first of the next month when the month is spent', () => {
    expect(secondsToReset(body(spent, spent), now)).toBe(6 * 3600 + 86_400);
    expect(secondsToReset(body(left, spent), now)).toBe(6 * 3600 + 86_400);
  });

  it('is known from the group as well', () => {
    expect(secondsToReset(body({ ...left, group: spent.user }, left), now)).toBe(6 * 3600);
    expect(secondsToReset(body({ ...left, group: left.user }, left), now)).toBe(60);
  });

  it.each([
    null,
    'words',
    body({ user: { allowed: 0, used: 0 } }, { group: { allowed: 0, used: 0 } }),
    {},
    { data: null },
    body(null, undefined),
    body({ user: null }, { user: { allowed: '5', used: '5' } }),
    { error: { code: 'X' } },
  ])('is a minute when %j tells nothing', (odd) => {
    expect(secondsToReset(odd, now)).toBe(60);
  });
});
