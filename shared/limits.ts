/** How long an invocation may still wait for others. */
export interface Limits {
  /** When the answer must be there, epoch milliseconds. */
  readonly deadline: number;
  /** Ends the work early. */
  readonly signal?: AbortSignal;
}

/** The call of an invocation whose work others may wait for. */
export interface EventLimits extends Limits {
  /** Lambda's id of the invocation; its repetitions of an asynchronous one keep it. */
  readonly requestId: string;
  /** When Lambda ends the invocation, whatever it does, epoch milliseconds; after the deadline. */
  readonly endsAt: number;
}

/** Clocks of two machines may differ by this much, milliseconds. */
export const CLOCK_SKEW_MS = 5_000;

/**
 * An abort signal for one request of a library that knows no deadline.
 *
 * @param limits - the invocation's limits
 * @param now - clock, epoch milliseconds
 */
export function signalFor(limits: Limits, now: () => number = Date.now): AbortSignal {
  const timeout = AbortSignal.timeout(Math.max(0, Math.floor(limits.deadline - now())));
  return limits.signal ? AbortSignal.any([limits.signal, timeout]) : timeout;
}
