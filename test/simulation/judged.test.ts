/** The connector meets its figures in simulations that take seconds; `npm run simulate` runs all of them. */
import { describe, expect, it } from 'vitest';
import type { Budgets } from '../../shared/quota/budgets.ts';
import { stoppedBacklog } from './judged-loads.ts';
import { type Arrival, burstsOf, lookupsOf, steadyUploads, together } from './loads.ts';
import { simulate } from './simulate.ts';

const publicKey: Budgets = { perMinute: 4, perDay: 500, perMonth: 15_500 };
const NONE = Number.POSITIVE_INFINITY;

function bothOn(load: readonly Arrival[], budgets = publicKey) {
  return {
    best: simulate({ policy: 'same share', load, budgets }),
    ours: simulate({ policy: 'connector', load, budgets }),
  };
}

describe('10,000 uploads and 2,000 lookups on a public key', () => {
  const load = together(
    burstsOf({ uploads: 10_000, bursts: 5, unknown: 0.3 }, 5),
    lookupsOf(80, 25, 5),
  );
  const { best, ours } = bothOn(load);

  it('are all answered without a refusal', () => {
    expect(ours).toMatchObject({ refused: 0, uploads: 10_000, lost: 0, lookups: best.lookups });
  });

  it('take at most 0.5 % longer than with a scheduler that sees everything', () => {
    expect(ours.days / best.days).toBeLessThan(1.005);
  });

  it('keep interactive callers waiting hardly longer than that scheduler', () => {
    expect(ours.lookupWait.p50 - best.lookupWait.p50).toBeLessThan(1);
    expect(ours.lookupWait.p90 - best.lookupWait.p90).toBeLessThan(10);
    expect(ours.lookupWait.p99 - best.lookupWait.p99).toBeLessThan(75);
  });

  it('wake an upload at most 9 times in the mean, 25 times at the 99th percentile', () => {
    expect(ours.waits.mean).toBeLessThan(9);
    expect(ours.waits.p99).toBeLessThanOrEqual(25);
  });
});

it('finishes 100 uploads at once within 36 min, with one wait each', () => {
  const { ours } = bothOn(burstsOf({ uploads: 100, bursts: 1, unknown: 0 }, 8));
  expect(ours).toMatchObject({ refused: 0, uploads: 100, waits: { most: 1 } });
  expect(ours.days * 24 * 60).toBeLessThan(36);
});

it('gives the interactive share back: a steady 450 uploads a day never make 150 wait', () => {
  const { ours } = bothOn(together(steadyUploads(450, 10, 6), lookupsOf(40, 10, 6)));
  expect(ours).toMatchObject({ refused: 0, uploads: 4_500 });
  expect(ours.mostWaiting).toBeLessThan(150);
});

it('finishes all others when 3 % of the waits are abandoned', () => {
  const load = burstsOf({ uploads: 2_000, bursts: 2, unknown: 0, abandoned: 0.03 }, 4);
  const gone = load.filter(({ isAbandoned }) => isAbandoned).length;
  const { ours } = bothOn(load);
  expect(ours.refused).toBe(0);
  expect(ours.uploads).toBeGreaterThanOrEqual(2_000 - gone);
});

it('serves new uploads when 95 % of those before them are stopped', () => {
  const ours = simulate({ policy: 'connector', load: stoppedBacklog(9), budgets: publicKey });
  expect(ours).toMatchObject({ refused: 0, uploads: 6_200 - ours.lost });
  expect(ours.freshWait.p50).toBeLessThan(1_000);
  expect(ours.freshWait.most).toBeLessThan(3.05 * 86_400_000);
});

it('meets at most a refusal a day when another user of the key sends 60 requests a day', () => {
  const load = together(
    burstsOf({ uploads: 2_000, bursts: 2, unknown: 0 }, 10),
    lookupsOf(80, 6, 10),
  );
  const ours = simulate({ policy: 'connector', load, budgets: publicKey, othersPerDay: 60 });
  expect(ours.uploads).toBe(2_000);
  expect(ours.refused).toBeLessThanOrEqual(ours.days);
});

it('takes at most 7 % longer than the best where only the minute is limited', () => {
  const load = burstsOf({ uploads: 1_000, bursts: 2, unknown: 0 }, 3);
  const { best, ours } = bothOn(load, { perMinute: 4, perDay: NONE, perMonth: NONE });
  expect(ours).toMatchObject({ refused: 0, uploads: 1_000 });
  expect(ours.days / best.days).toBeLessThan(1.07);
});

it('admits nothing that is refused with clocks 1 s off, 1,000 a minute, or one a day', () => {
  const many = burstsOf({ uploads: 6_000, bursts: 2, unknown: 0.3 }, 4);
  const premium = { perMinute: 1_000, perDay: 50_000, perMonth: 1_000_000 };
  const connector = { skewMs: 1_000 };
  const fast = simulate({ policy: 'connector', load: many, budgets: premium, connector });
  expect(fast).toMatchObject({ refused: 0, uploads: 6_000 });
  const few = together(burstsOf({ uploads: 10, bursts: 1, unknown: 0 }, 5), lookupsOf(1, 10, 5));
  const single = { perMinute: 1, perDay: 1, perMonth: 31 };
  const slow = simulate({ policy: 'connector', load: few, budgets: single, connector });
  expect(slow).toMatchObject({ refused: 0, uploads: 10 });
});
