/** A clock for simulations: it goes forward when everything that runs on it sleeps. */
import type { Clock } from '@local/cloud';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Steps from one sleeper to the next. */
export class VirtualClock implements Clock {
  /** Timers of the machine, which a simulation does not use, are at real speed. */
  readonly setting: Clock['setting'];
  readonly #sleepers: Sleeper[] = [];
  /** Until when the clock goes on while work takes place. */
  readonly #limits = new Set<{ readonly at: number }>();
  #now: number;
  #awake: number;

  /**
   * @param start - epoch milliseconds
   * @param processes - that run on it: each sleeps, works without waiting for anything else, or has ended
   */
  constructor(start: number, processes: number) {
    this.setting = { speed: 1, origin: start };
    this.#now = start;
    this.#awake = processes;
  }

  /** Bound, because engines take it without its clock. */
  readonly now = (): number => this.#now;

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#add({ at: this.#now + ms, wake: resolve });
      this.#rest();
    });
  }

  /**
   * Waits for work outside of the simulation. Others go on at the same time, for as long as the work may take.
   *
   * @param atMostMs - how long the work takes on this clock at most
   */
  async work<T>(work: Promise<T>, atMostMs: number): Promise<T> {
    const limit = { at: this.#now + atMostMs };
    this.#limits.add(limit);
    this.#rest();
    try {
      return await work;
    } finally {
      this.#limits.delete(limit);
      this.#awake += 1;
    }
  }

  /** Says that more processes begin. */
  begin(processes: number): void {
    this.#awake += processes;
  }

  /** Says that a process has ended. */
  end(): void {
    this.#rest();
  }

  #rest(): void {
    this.#awake -= 1;
    if (this.#awake > 0) return;
    const next = this.#sleepers.at(-1);
    // Work that may not take longer has to end first.
    if (!next || next.at > Math.min(...[...this.#limits].map(({ at }) => at))) return;
    this.#sleepers.pop();
    this.#awake = 1;
    this.#now = next.at;
    next.wake();
  }

  /** Keeps the sleepers in order, the next one last. */
  #add(sleeper: Sleeper): void {
    let [low, high] = [0, this.#sleepers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sleepers[middle]?.at ?? 0) > sleeper.at) low = middle + 1;
      else high = middle;
    }
    this.#sleepers.splice(low, 0, sleeper);
  }
}
