/** A clock for tests that run whole days: it skips the time in which everything waits. */
import { type Clock, type ClockSetting, MAX_TIMER_MS } from '../clock.ts';

interface Sleeper {
  /** On the clock, epoch milliseconds. */
  readonly at: number;
  readonly wake: () => void;
}

/** Quiet time before a skip, real milliseconds: what has just been woken or ended may start more work. */
const QUIET_MS = 10;

/**
 * Goes at its speed while a function runs or a retry of Step Functions is due, and otherwise jumps to the end of
 * the next wait. Waits in queues and the timeouts of executions and tasks are not skipped.
 */
export class SkippingClock implements Clock {
  readonly #speed: number;
  readonly #origin = Date.now();
  readonly #sleepers = new Set<Sleeper>();
  #skippedMs = 0;
  #holds = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param speed - while there is work, times faster than real time */
  constructor(speed: number) {
    this.#speed = speed;
  }

  get setting(): ClockSetting {
    return { speed: this.#speed, origin: this.#origin, skippedMs: this.#skippedMs };
  }

  // Services take it without the clock.
  readonly now = (): number =>
    this.#origin + (Date.now() - this.#origin) * this.#speed + this.#skippedMs;

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const end = (settle: () => void) => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', onAbort);
        settle();
        this.#arm();
      };
      const sleeper = { at: this.now() + ms, wake: () => end(resolve) };
      const onAbort = () => end(() => reject(signal?.reason));
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#sleepers.add(sleeper);
      this.#arm();
    });
  }

  hold(): () => void {
    let isHeld = true;
    this.#holds += 1;
    this.#arm();
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holds -= 1;
      this.#arm();
    };
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const next = this.#next();
    if (!next) return;
    const realMs = Math.max(0, next.at - this.now()) / this.#speed;
    const isIdle = this.#holds === 0;
    const waitMs = isIdle ? Math.min(QUIET_MS, realMs) : Math.min(MAX_TIMER_MS, realMs);
    this.#timer = setTimeout(() => {
      const leftMs = next.at - this.now();
      if (isIdle && leftMs > 0) this.#skippedMs += leftMs;
      // A timer may come a millisecond early.
      if (next.at > this.now()) this.#arm();
      else next.wake();
    }, waitMs);
  }

  #next(): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) if (!next || sleeper.at < next.at) next = sleeper;
    return next;
  }
}
