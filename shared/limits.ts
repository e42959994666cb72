/** How long an invocation may take. */
export interface Limits {
  /** When the answer must be there, epoch milliseconds. */
  readonly deadline: number;
  /** Aborts the work early. */
  readonly signal?: AbortSignal;
  /** Whose quota its requests use. @default interactive */
  readonly caller?: QuotaCaller;
  /** Whether its answers may come from the cache. @default they may */
  readonly cache?: CacheUse;
}

/** How a call uses the cache of VirusTotal's answers. */
export interface CacheUse {
  /** `bypass` asks VirusTotal and keeps its answer; `only` never asks. */
  readonly mode: 'use' | 'bypass' | 'only';
  /** Answers from an analysis before this time do not count, epoch seconds; null: all count. */
  readonly since: number | null;
  /** When the oldest answer that was used was given by VirusTotal, epoch milliseconds; null: none was. */
  answeredAt: number | null;
  /** Whether an answer is in the cache now, so that the same call again does not pay for it. */
  isKept: boolean;
}

/** Returns how a call uses the cache, before its first request. */
export function cacheUse(mode: CacheUse['mode'] = 'use', since: number | null = null): CacheUse {
  return { mode, since, answeredAt: null, isKept: false };
}

/** A call, as the quota sees it. */
export interface QuotaCaller {
  /** Somebody waits for an interactive call; bulk can come back. */
  readonly lane: 'interactive' | 'bulk';
  /** The same for the same work: its place in the line is found by it. null: it has none */
  readonly work: string | null;
  /** Whether the whole call follows an earlier one, whose request was admitted: it needs no place. */
  readonly isFollowUp: boolean;
  /** How far the call has come; the gate changes it. */
  readonly progress: QuotaProgress;
}

/** How far a call has come. */
export interface QuotaProgress {
  /** Whether a request of the same work was admitted. */
  hasBegun: boolean;
  /** How long it has waited in this invocation, milliseconds. */
  waitedMs: number;
  /** Its number in the line; null without one. */
  place: number | null;
}

/** Returns a caller whose requests have not begun. */
export function quotaCaller(
  lane: QuotaCaller['lane'],
  work: string | null = null,
  hasBegun = false,
): QuotaCaller {
  return { lane, work, isFollowUp: hasBegun, progress: { hasBegun, waitedMs: 0, place: null } };
}

/** Limits of an invocation, for whose claims other invocations may wait. */
export interface InvocationLimits extends Limits {
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
