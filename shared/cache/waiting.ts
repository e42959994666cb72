/** How long a call waits for the request of another, and for the table. */
import { setTimeout as sleep } from 'node:timers/promises';
import { UpstreamTimeoutError } from '../errors.ts';
import type { Limits } from '../limits.ts';

/** First and longest pause of a caller that waits for the request of another, milliseconds. */
export const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 1_200;

/** Time that a request needs after a wait, milliseconds: with less left, a caller asks for itself. */
const REQUEST_MS = 8_000;

/** Longest read or write, milliseconds. */
const TABLE_MS = 3_000;

/** The pause after this one. */
export const longer = (pauseMs: number) => Math.min(2 * pauseMs, LONGEST_PAUSE_MS);

/** Whether there is time for a request after a wait. */
export function mayWait({ deadline }: Limits): boolean {
  return deadline - Date.now() > REQUEST_MS + LONGEST_PAUSE_MS;
}

/** What a request needs to know of its call. */
export const waitingOf = (limits: Limits) => ({
  mayWait: mayWait(limits),
  soon: () => soon(limits),
});

/** Limits of a read or write. */
export function soon(limits: Limits): Limits {
  return { ...limits, deadline: Math.min(limits.deadline, Date.now() + TABLE_MS) };
}

/** Pauses until the end of the invocation at most. */
export async function pauseForOther(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (cause) {
    const message = 'the invocation ended while another one asked VirusTotal the same';
    throw new UpstreamTimeoutError(message, { cause });
  }
}
