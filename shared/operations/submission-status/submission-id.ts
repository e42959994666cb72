/** Ids of submissions tell when they were made. */
import { CLOCK_SKEW_MS } from '../../limits.ts';

/** Form of every id: a UUID in lower case. */
export const SUBMISSION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** How long after its start a submission may not be shown by Step Functions, milliseconds. */
const YOUNG_MS = 60_000;

/**
 * Creates an id: a UUID of version 7, which begins with the time (RFC 9562, section 5.7).
 *
 * @param nowMs - epoch milliseconds
 * @param random - a UUID of version 4
 */
export function createSubmissionId(nowMs: number, random: string): string {
  const time = Math.floor(nowMs).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}

/** Returns when an id was made, epoch milliseconds; null for a UUID of version 4, as earlier releases made. */
export function submissionTime(id: string): number | null {
  return id[14] === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : null;
}

/**
 * Whether a submission was made a moment ago.
 *
 * @param timeMs - when, epoch milliseconds
 * @param nowMs - epoch milliseconds, possibly by another machine's clock
 */
export function isYoung(timeMs: number, nowMs: number): boolean {
  return timeMs <= nowMs + CLOCK_SKEW_MS && nowMs - timeMs < YOUNG_MS;
}
