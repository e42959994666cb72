/** How long an invocation may still wait for others. */
export interface Call {
  /** When the answer must be there, epoch milliseconds. */
  readonly deadline: number;
  /** Ends the work early. */
  readonly signal?: AbortSignal;
}

/** The call of an invocation whose work others may wait for. */
export interface Invocation extends Call {
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
 * @param call - the invocation's limits
 * @param now - clock, epoch milliseconds
 */
export function signalFor(call: Call, now: () => number = Date.now): AbortSignal {
  const timeout = AbortSignal.timeout(Math.max(0, Math.floor(call.deadline - now())));
  return call.signal ? AbortSignal.any([call.signal, timeout]) : timeout;
}
