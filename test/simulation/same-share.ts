/**
 * The best that is possible with the same share: one scheduler that sees every caller, wakes it at once, needs
 * no guard, and keeps the same part of minute and day for interactive callers.
 */
import { DAY_MS, dayOf } from '../../shared/quota/calendar.ts';
import type { Arrival } from './loads.ts';
import { LOOK_AGAIN_MS, type Policy, type World } from './policy.ts';

/** The scheduler. */
export class SameShare implements Policy {
  readonly #world: World;
  readonly #interactive: (() => void)[] = [];
  readonly #begun: (() => void)[] = [];
  readonly #bulk: (() => void)[] = [];
  #bulkHead = 0;
  #recentBulk: number[] = [];
  #day = 0;
  #usedInteractive = 0;
  #wakesAt: number | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  upload({ looks, at, isFresh, isAbandoned }: Arrival): void {
    const { tally, events } = this.#world;
    tally.uploadComes();
    if (isAbandoned) {
      tally.uploadIsLost();
      return;
    }
    const step = (queue: (() => void)[], left: number) => {
      queue.push(() => {
        if (left > 0) {
          events.after(LOOK_AGAIN_MS, () => step(this.#begun, left - 1));
          return;
        }
        tally.uploadEnds(events.now, 0);
        if (isFresh) tally.freshWaits.push(events.now - at);
      });
      this.#pump();
    };
    step(this.#bulk, looks);
  }

  lookup({ at }: Arrival): void {
    const { tally, events } = this.#world;
    this.#interactive.push(() => tally.lookupWaits.push(events.now - at));
    this.#pump();
  }

  #pump(): void {
    const { events } = this.#world;
    if (this.#wakesAt !== null && this.#wakesAt <= events.now) this.#wakesAt = null;
    for (let next = this.#next(); next !== null; next = this.#next()) {
      if (typeof next === 'function') next();
      else {
        if (this.#wakesAt !== null && this.#wakesAt <= next) return;
        this.#wakesAt = next;
        events.at(next, () => this.#pump());
        return;
      }
    }
  }

  /** Sends for the next caller, or returns when to look again; null if no one waits. */
  #next(): (() => void) | number | null {
    const { events, upstream } = this.#world;
    const { now } = events;
    const isBulkWaiting = this.#begun.length > 0 || this.#bulkHead < this.#bulk.length;
    if (this.#interactive.length === 0 && !isBulkWaiting) return null;
    const closed = upstream.closed(now);
    if (closed === 'minute') return upstream.opensAt(now);
    if (closed) return (dayOf(now) + 1) * DAY_MS;
    if (this.#day !== dayOf(now)) this.#usedInteractive = 0;
    this.#day = dayOf(now);
    const person = this.#interactive.shift();
    if (person) {
      this.#usedInteractive += 1;
      upstream.ask(now);
      return person;
    }
    return this.#bulkOpensAt() ?? this.#sendBulk();
  }

  #sendBulk(): () => void {
    const { events, upstream } = this.#world;
    upstream.ask(events.now);
    this.#recentBulk.push(events.now);
    const next = this.#begun.shift() ?? this.#bulk[this.#bulkHead++];
    if (!next) throw new Error('bulk has no caller');
    return next;
  }

  #bulkOpensAt(): number | null {
    const { budgets, share, events, upstream } = this.#world;
    const { now } = events;
    const own = Math.floor(share * budgets.perMinute);
    if (budgets.perDay !== Number.POSITIVE_INFINITY) {
      const kept = Math.floor(share * budgets.perDay) - this.#usedInteractive;
      const left = budgets.perDay - upstream.usedDay;
      const pace = 60_000 / Math.max(1, budgets.perMinute - own);
      const givenBackAt = (dayOf(now) + 1) * DAY_MS - left * pace;
      if (left <= Math.max(0, kept) && now < givenBackAt) return givenBackAt;
    }
    if (own === 0) return null;
    this.#recentBulk = this.#recentBulk.filter((at) => now - at < 60_000);
    const [oldest] = this.#recentBulk;
    const isFull = this.#recentBulk.length >= budgets.perMinute - own;
    return isFull && oldest !== undefined ? oldest + 60_000 : null;
  }
}
