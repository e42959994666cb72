/** How long an invocation may take. */
export interface Limits {
  /** When the answer must be there, epoch milliseconds. */
  readonly deadline: number;
  /** Aborts the work early. */
  readonly signal?: AbortSignal;
}

/** Limits of an invocation by an event, which other invocations may wait for. */
export interface EventLimits extends Limits {
  /** Lambda's id of the invocation; retries of an asynchronous invocation keep it. */
  readonly requestId: string;
  /** When Lambda ends the invocation, epoch milliseconds; after the deadline. */
  readonly endsAt: number;
}

/** Largest assumed difference between the clocks of two machines, milliseconds. */
export const CLOCK_SKEW_MS = 5_000;

/**
 * Returns an abort signal for one request of a library that supports no deadline.
 *
 * @param now - clock, epoch milliseconds
 */
export function signalFor(limits: Limits, now: () => number = Date.now): AbortSignal {
  const timeout = AbortSignal.timeout(Math.max(0, Math.floor(limits.deadline - now())));
  return limits.signal ? AbortSignal.any([limits.signal, timeout]) : timeout;
}
