/** The loads that the connector is judged by. */
import type { Budgets } from '../../shared/quota/budgets.ts';
import { DAY_MS } from '../../shared/quota/calendar.ts';
import { dice } from './dice.ts';
import { type Arrival, burstsOf, lookupsOf, START, steadyUploads, together } from './loads.ts';
import type { PolicyName } from './simulate.ts';

const publicKey: Budgets = { perMinute: 4, perDay: 500, perMonth: 15_500 };
const NONE = Number.POSITIVE_INFINITY;

/** A load, and who serves it. */
export interface JudgedLoad {
  readonly title: string;
  readonly budgets: Budgets;
  readonly load: (seed: number) => readonly Arrival[];
  readonly policies: readonly PolicyName[];
  /** Seeds, whose mean is shown. */
  readonly seeds: number;
  readonly othersPerDay?: number;
}

const both: readonly PolicyName[] = ['same share', 'connector'];

function tenThousand(unknown: number, abandoned = 0) {
  return (seed: number) =>
    together(
      burstsOf({ uploads: 10_000, bursts: 5, unknown, abandoned }, seed),
      lookupsOf(80, 25, seed),
    );
}

/** 6,000 uploads wait when 95 % of them are stopped; 200 new ones come in the two days after. */
export function stoppedBacklog(seed: number): Arrival[] {
  const random = dice(seed);
  const stoppedAt = START + 2 * DAY_MS;
  const backlog = burstsOf({ uploads: 6_000, bursts: 3, unknown: 0 }, seed).map((upload) =>
    random() < 0.95 ? { ...upload, stoppedAt } : upload,
  );
  const fresh = Array.from({ length: 200 }, (_, index) => ({
    kind: 'upload' as const,
    at: stoppedAt + 60_000 + (index * 2 * DAY_MS) / 200,
    looks: 0,
    isFresh: true,
  }));
  return together(backlog, fresh, lookupsOf(80, 12, seed));
}

/** The loads, in the order of the report. */
export const judgedLoads: readonly JudgedLoad[] = [
  {
    title: '10,000 uploads that VirusTotal knows, 2,000 lookups, public key',
    budgets: publicKey,
    load: tenThousand(0),
    policies: [...both, 'backoff', 'as it was', 'giving up'],
    seeds: 1,
  },
  {
    title: 'The same, mean of 8 seeds',
    budgets: publicKey,
    load: tenThousand(0),
    policies: both,
    seeds: 8,
  },
  {
    title: '30 % of the files new, mean of 8 seeds',
    budgets: publicKey,
    load: tenThousand(0.3),
    policies: both,
    seeds: 8,
  },
  {
    title: '3 % of the waits abandoned',
    budgets: publicKey,
    load: tenThousand(0, 0.03),
    policies: both,
    seeds: 1,
  },
  {
    title: '95 % of 6,000 that wait are stopped, 200 new uploads follow',
    budgets: publicKey,
    load: stoppedBacklog,
    policies: ['connector'],
    seeds: 1,
  },
  {
    title: '450 uploads and 40 lookups a day for 10 days, public key',
    budgets: publicKey,
    load: (seed) => together(steadyUploads(450, 10, seed), lookupsOf(40, 10, seed)),
    policies: [...both, 'as it was'],
    seeds: 1,
  },
  {
    title: '100 uploads at once, public key',
    budgets: publicKey,
    load: (seed) => burstsOf({ uploads: 100, bursts: 1, unknown: 0 }, seed),
    policies: [...both, 'as it was', 'giving up'],
    seeds: 1,
  },
  {
    title: '2,000 uploads and 200 lookups, 4 a minute without a day',
    budgets: { perMinute: 4, perDay: NONE, perMonth: NONE },
    load: (seed) =>
      together(burstsOf({ uploads: 2_000, bursts: 4, unknown: 0 }, seed), lookupsOf(200, 1, seed)),
    policies: both,
    seeds: 1,
  },
  {
    title: '60,000 uploads, 30 % new, and 5,000 lookups, 1,000 a minute and 50,000 a day',
    budgets: { perMinute: 1_000, perDay: 50_000, perMonth: 1_000_000 },
    load: (seed) =>
      together(
        burstsOf({ uploads: 60_000, bursts: 6, unknown: 0.3 }, seed),
        lookupsOf(2_500, 2, seed, 10),
      ),
    policies: both,
    seeds: 1,
  },
  {
    title: '10 uploads and 10 lookups, one request a day',
    budgets: { perMinute: 1, perDay: 1, perMonth: 31 },
    load: (seed) =>
      together(burstsOf({ uploads: 10, bursts: 1, unknown: 0 }, seed), lookupsOf(1, 10, seed)),
    policies: both,
    seeds: 1,
  },
  {
    title: '4,000 uploads and 80 lookups a day; another user of the key sends 60 a day',
    budgets: publicKey,
    load: (seed) =>
      together(burstsOf({ uploads: 4_000, bursts: 4, unknown: 0 }, seed), lookupsOf(80, 12, seed)),
    policies: ['connector', 'as it was'],
    seeds: 1,
    othersPerDay: 60,
  },
];
