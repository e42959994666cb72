/** The local run's clock: may run faster than real time, for simulator, engines and functions together. */
import { setTimeout as sleep } from 'node:timers/promises';

/** A clock that can be handed to another process. */
export interface ClockSetting {
  /** How many times faster than real time. */
  readonly speed: number;
  /** Real time at which both clocks agree, epoch milliseconds. */
  readonly origin: number;
}

/** A clock. */
export interface Clock {
  readonly setting: ClockSetting;
  /** Epoch milliseconds. */
  now(): number;
  /**
   * @param ms - on this clock, milliseconds
   * @param signal - ends the wait with an AbortError
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Longest delay of a timer, milliseconds (https://nodejs.org/api/timers.html). */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Makes a clock that agrees with the machine's now.
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

/** What work is left at least, milliseconds of real time. */
const LEAST_WORK_MS = 10_000;

/**
 * A time-out of those who work: a fast clock makes waits shorter, but no work.
 *
 * @param ms - on the clock, milliseconds
 * @returns on the clock, milliseconds: as much, or more where that would be less than ten real seconds
 */
export function workTimeout(ms: number, { setting: { speed } }: Clock): number {
  return Math.max(ms, Math.min(ms, LEAST_WORK_MS) * speed);
}
