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

  now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#add({ at: this.#now + ms, wake: resolve });
      this.#rest();
    });
  }

  /** Says that a process has ended. */
  end(): void {
    this.#rest();
  }

  #rest(): void {
    this.#awake -= 1;
    if (this.#awake > 0) return;
    const next = this.#sleepers.pop();
    if (!next) return;
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
