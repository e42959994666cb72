/** Decides when a request is retried. Pure: clock and random numbers are arguments. */

/** Attempts of one request, including the first. */
export const MAX_ATTEMPTS = 3;

/** Longest delay before the first retry, milliseconds; it doubles with each further retry, up to the cap. */
const BASE_MS = 600;
const CAP_MS = 3_000;

/** Longest `Retry-After` that is waited out within an invocation, milliseconds. */
const LONGEST_RETRY_AFTER_MS = 5_000;

/** Least time that an answer takes, milliseconds: with less left, there is no retry. */
const ANSWER_MS = 500;

/** A failed attempt. */
export interface FailedAttempt {
  /** 1 for the first. */
  readonly attempt: number;
  /** Wait that VirusTotal asked for, milliseconds; null if it did not. */
  readonly retryAfterMs: number | null;
  /** Time left to the invocation, milliseconds. */
  readonly leftMs: number;
  /** From 0 to below 1. */
  readonly random: number;
}

/**
 * Returns the delay before the next attempt, with full jitter
 * (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/).
 *
 * @returns milliseconds; null for no further attempt
 */
export function retryDelay({
  attempt,
  retryAfterMs,
  leftMs,
  random,
}: FailedAttempt): number | null {
  if (attempt >= MAX_ATTEMPTS) return null;
  if (retryAfterMs !== null && retryAfterMs > LONGEST_RETRY_AFTER_MS) return null;
  const jitter = random * Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1));
  const delay = Math.round((retryAfterMs ?? 0) + jitter);
  return delay + ANSWER_MS > leftMs ? null : delay;
}

/** The only date format that senders may use (RFC 9110, section 5.6.7); Date.parse alone accepts nearly anything. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Parses a `Retry-After` header (RFC 9110, section 10.2.3).
 *
 * @param header - seconds or an HTTP date
 * @param nowMs - epoch milliseconds
 * @returns milliseconds from now, at least 0; null if absent or malformed
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (/^[0-9]{1,9}$/.test(text)) return Number(text) * 1000;
  const date = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}
