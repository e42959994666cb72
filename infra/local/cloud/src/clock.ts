/** The local run's clock, shared by simulator, engines and functions; it can run faster than real time. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Settings from which another process recreates the clock. */
export interface ClockSetting {
  /** How many times faster than real time. */
  readonly speed: number;
  /** Real time at which both clocks agree, epoch milliseconds. */
  readonly origin: number;
  /** How far the clock has been put forward since, milliseconds. @default 0 */
  readonly skippedMs?: number;
}

export interface Clock {
  readonly setting: ClockSetting;
  /** Epoch milliseconds. */
  now(): number;
  /**
   * @param ms - on this clock, milliseconds
   * @param signal - ends the wait with an AbortError
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Says that work begins, which takes real time; a clock that skips idle time does not skip it.
   *
   * @returns a function that says that it has ended
   */
  hold?(): () => void;
}

/** Longest delay of a timer, milliseconds (https://nodejs.org/api/timers.html). */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Creates a clock that starts at the machine's time.
 *
 * @param speed - 1 is real time
 */
export function createClock(speed = 1): Clock {
  const setting = { speed, origin: Date.now() };
  return {
    setting,
    now: () => setting.origin + (Date.now() - setting.origin) * speed,
    sleep: (ms, signal) => sleep(Math.min(MAX_TIMER_MS, ms / speed), undefined, { signal }),
  };
}

/** Minimum timeout for work, milliseconds of real time. */
const LEAST_WORK_MS = 10_000;

/**
 * Converts a timeout for work: a fast clock shortens waits, but not work.
 *
 * @param ms - on the clock, milliseconds
 * @returns milliseconds on the clock; increased if they would be less than ten real seconds
 */
export function workTimeout(ms: number, { setting: { speed } }: Clock): number {
  return Math.max(ms, Math.min(ms, LEAST_WORK_MS) * speed);
}

/** How much longer than work may take to wait for its answer, on a fast clock: milliseconds of real time. */
const ANSWER_MS = 5_000;

/**
 * Returns how long to wait for an answer once the time for work is over: work that ends in time keeps some time
 * for its answer, which a fast clock shortens, but it does not shorten the answering.
 *
 * @returns milliseconds on the clock
 */
export function answerTimeout({ setting: { speed } }: Clock): number {
  return speed > 1 ? ANSWER_MS * speed : 0;
}
