/** VirusTotal as it counts: at most so many requests in any 60 s, in a UTC day, in a UTC month. */

import type { Budgets } from '../../shared/quota/budgets.ts';
import { dayOf, monthOf } from '../../shared/quota/calendar.ts';

/** Counts and refuses. */
export class Upstream {
  readonly #budgets: Budgets;
  /** Times of admitted requests that may be in a window. */
  #recent: number[] = [];
  #day = 0;
  #month = 0;
  /** Of the day of the last request. */
  usedDay = 0;
  usedMonth = 0;
  refused = 0;

  constructor(budgets: Budgets) {
    this.#budgets = budgets;
  }

  /** Takes a request. @returns which budget refuses it; null if it is admitted */
  ask(now: number): 'minute' | 'day' | 'month' | null {
    const closed = this.closed(now);
    if (closed) {
      this.refused += 1;
      return closed;
    }
    this.#recent.push(now);
    this.usedDay += 1;
    this.usedMonth += 1;
    return null;
  }

  /** Which budget would refuse a request now. */
  closed(now: number): 'minute' | 'day' | 'month' | null {
    this.#advance(now);
    if (this.#recent.length >= this.#budgets.perMinute) return 'minute';
    if (this.usedDay >= this.#budgets.perDay) return 'day';
    return this.usedMonth >= this.#budgets.perMonth ? 'month' : null;
  }

  /** When the oldest request leaves the window; now if the window has room. */
  opensAt(now: number): number {
    const [oldest] = this.#recent;
    return oldest === undefined ? now : oldest + 60_000;
  }

  #advance(now: number): void {
    const stale = this.#recent.findIndex((at) => now - at < 60_000);
    this.#recent = stale < 0 ? [] : this.#recent.slice(stale);
    if (this.#day !== dayOf(now)) this.usedDay = 0;
    if (this.#month !== monthOf(now)) this.usedMonth = 0;
    this.#day = dayOf(now);
    this.#month = monthOf(now);
  }
}
