/** Quota of a key, by minute, day and month. */

/** How many requests a key may send; Infinity is no limit. */
export interface QuotaLimits {
  /** In any 60 seconds; a real public key has 4. */
  readonly perMinute: number;
  /** From midnight to midnight UTC; a real public key has 500. */
  readonly perDay: number;
  /** In a calendar month, UTC; a real public key has 15,500. */
  readonly perMonth: number;
}

const localLimits: QuotaLimits = { perMinute: 240, perDay: 50_000, perMonth: 1_000_000 };

const MINUTE_MS = 60_000;

/** How many characters of an ISO date identify the hour, the day and the month. */
const periods = { hour: 13, day: 10, month: 7 } as const;
type Period = keyof typeof periods;

/** Counts requests against the limits. */
export class Quota {
  readonly limits: QuotaLimits;
  readonly #now: () => number;
  #lastMinute: number[] = [];
  readonly #used = new Map<string, number>();
  readonly #usage = new Map<string, Map<string, number>>();

  /** @param now - epoch milliseconds */
  constructor(limits: Partial<QuotaLimits>, now: () => number) {
    this.limits = { ...localLimits, ...limits };
    this.#now = now;
  }

  /**
   * Charges a request if the quota allows it.
   *
   * @param endpoint - name in `api_usage`
   * @returns whether it was charged
   */
  charge(endpoint: string): boolean {
    const now = this.#now();
    this.#lastMinute = this.#lastMinute.filter((then) => now - then < MINUTE_MS);
    const { perMinute, perDay, perMonth } = this.limits;
    const isExhausted =
      this.#lastMinute.length >= perMinute ||
      this.used('day') >= perDay ||
      this.used('month') >= perMonth;
    if (isExhausted) return false;
    this.#lastMinute.push(now);
    for (const period of Object.keys(periods) as Period[]) {
      this.#used.set(this.#nameOf(period), this.used(period) + 1);
    }
    const today = this.#usage.get(this.#nameOf('day')) ?? new Map<string, number>();
    this.#usage.set(this.#nameOf('day'), today.set(endpoint, (today.get(endpoint) ?? 0) + 1));
    return true;
  }

  /** Requests charged in the current hour, day or month (UTC). */
  used(period: Period): number {
    return this.#used.get(this.#nameOf(period)) ?? 0;
  }

  /** Requests by endpoint, by day. */
  usage(): Readonly<Record<string, Readonly<Record<string, number>>>> {
    const days = [...this.#usage].map(([day, counts]) => [day, Object.fromEntries(counts)]);
    return Object.fromEntries(days);
  }

  #nameOf(period: Period): string {
    return new Date(this.#now()).toISOString().slice(0, periods[period]);
  }
}
