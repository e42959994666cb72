import { describe, expect, it } from 'vitest';
import { MAX_ATTEMPTS, parseRetryAfter, retryDelay } from '../../../shared/virustotal/retry.ts';

const failed = { attempt: 1, retryAfterMs: null, leftMs: 20_000, random: 0.5 };

describe('retryDelay', () => {
  it('draws from a span that doubles', () => {
    expect(retryDelay(failed)).toBe(300);
    expect(retryDelay({ ...failed, attempt: 2 })).toBe(600);
    expect(retryDelay({ ...failed, random: 0 })).toBe(0);
    expect(retryDelay({ ...failed, random: 0.999999 })).toBe(600);
  });

  it('ends after the last try', () => {
    expect(retryDelay({ ...failed, attempt: MAX_ATTEMPTS - 1 })).not.toBeNull();
    expect(retryDelay({ ...failed, attempt: MAX_ATTEMPTS })).toBeNull();
  });

  it('waits for a short Retry-After and not for a long one', () => {
    expect(retryDelay({ ...failed, retryAfterMs: 5_000 })).toBe(5_300);
    expect(retryDelay({ ...failed, retryAfterMs: 5_001 })).toBeNull();
  });

  it('leaves the next try half a second before the deadline', () => {
    expect(retryDelay({ ...failed, leftMs: 800 })).toBe(300);
    expect(retryDelay({ ...failed, leftMs: 799 })).toBeNull();
    expect(retryDelay({ ...failed, leftMs: -5 })).toBeNull();
    expect(retryDelay({ ...failed, retryAfterMs: 4_000, leftMs: 4_500 })).toBeNull();
  });
});

describe('parseRetryAfter', () => {
  const now = Date.UTC(2026, 7, 19, 12, 0, 0);

  it.each([
    ['0', 0],
    [' 7 ', 7_000],
    ['86400', 86_400_000],
    ['Wed, 19 Aug 2026 12:00:30 GMT', 30_000],
    ['Wed, 19 Aug 2026 11:00:00 GMT', 0],
  ])('reads %j as %d ms', (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms);
  });

  it.each([
    undefined,
    '',
    '-1',
    '1.5',
    '1e3',
    'soon 5',
    '2026-08-19',
    '99999999999',
    'Wed, 99 Aug 2026 12:00:30 GMT',
  ])('takes nothing from %j', (header) => {
    expect(parseRetryAfter(header, now)).toBeNull();
  });
});
