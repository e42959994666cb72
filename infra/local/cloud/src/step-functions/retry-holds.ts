/** Holds the clock while retries are due: the engine waits for them with timers of the machine. */
import type { Clock } from '../clock.ts';
import type { Transition } from './execution.ts';

/** Follows the steps of an execution. */
export class RetryHolds {
  readonly #clock: Clock;
  /** One for each state that has failed; what it does about it is its next step. */
  readonly #releases = new Map<string, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add({ kind, state, index }: Pick<Transition, 'kind' | 'state' | 'index'>): void {
    const key = `${index} ${state}`;
    this.#releases.get(key)?.();
    this.#releases.delete(key);
    const release = kind === 'failed' ? this.#clock.hold?.() : undefined;
    if (release) this.#releases.set(key, release);
  }

  /** Says that the execution has ended. */
  end(): void {
    for (const release of this.#releases.values()) release();
  }
}
