/** A clock for tests, on which every wait is over at once. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@local/cloud';

/** Goes forward by what is waited for, and remembers it. */
export class InstantClock implements Clock {
  /** Of what goes by the machine's timers: retries, and the time-outs of executions. */
  readonly setting = { speed: 10_000, origin: Date.now() };
  /** What was waited for, seconds, in order. */
  readonly waits: number[] = [];
  #now = this.setting.origin;

  now(): number {
    return this.#now;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.waits.push(ms / 1000);
    this.#now += ms;
    await setImmediate();
  }
}
