/** Decides whether an answer that is kept may be used. Pure. */
import { MERGE_TOLERANCE_SECONDS } from '../indicators/scan-id.ts';

/** An answer, as it is kept. */
export interface KeptAnswer {
  /** JSON, gzip. */
  readonly body: Buffer;
  /** When VirusTotal was asked, epoch milliseconds. */
  readonly askedAt: number;
  /** When it is too old to be used, epoch milliseconds. */
  readonly goodUntil: number;
  /** Epoch seconds; null if that is not known. */
  readonly analysedAt: number | null;
  /** For which work VirusTotal was asked; null: for none that comes back. */
  readonly work: string | null;
}

/** The last submission of an object. */
export interface NotedSubmission {
  /** Answers to questions of before it do not count, epoch milliseconds. */
  readonly at: number;
  /** When its analysis was queued, epoch seconds. */
  readonly epoch: number;
}

/** The request of an invocation that is asking. */
export interface Lease {
  /** The invocation; `SHARED_BY_NONE` if answers are not kept at the moment. */
  readonly holder: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** An item; null for what it does not have. */
export interface Entry {
  readonly answer: KeptAnswer | null;
  readonly submission: NotedSubmission | null;
  readonly lease: Lease | null;
  /** When DynamoDB may delete it, epoch seconds. */
  readonly expiresAt: number;
}

/** What is known of a question. */
export interface Known {
  readonly entry: Entry;
  /** Submissions of the object, under any of its ids. */
  readonly submissions: readonly NotedSubmission[];
}

/** Holder of a lease that others need not wait for: the answers are those of an analysis that is running. */
export const SHARED_BY_NONE = 'none';

/**
 * Returns whether an answer is of the analysis that the caller waits for, and of every analysis that was queued
 * since: until then, VirusTotal itself may answer with an older report.
 *
 * @param since - epoch seconds; null if the caller waits for none
 */
export function isCurrent(
  { askedAt, analysedAt }: Pick<KeptAnswer, 'askedAt' | 'analysedAt'>,
  submissions: readonly NotedSubmission[],
  since: number | null,
): boolean {
  const epochs = [...submissions.map(({ epoch }) => epoch), ...(since === null ? [] : [since])];
  const isAfterSubmissions = submissions.every(({ at }) => askedAt > at);
  const least = Math.max(...epochs) - MERGE_TOLERANCE_SECONDS;
  return (
    isAfterSubmissions && (epochs.length === 0 || (analysedAt !== null && analysedAt >= least))
  );
}

/** Returns the answer that may be used at a time; null without one. */
export function usableAnswer(
  { entry: { answer }, submissions }: Known,
  since: number | null,
  now: number,
): KeptAnswer | null {
  const isUsable = answer && answer.goodUntil > now && isCurrent(answer, submissions, since);
  return isUsable ? answer : null;
}

/** How long an invocation that asks holds the lease, milliseconds; 0 or less: none asks. */
export const leftOf = ({ lease }: Entry, now: number): number => (lease?.until ?? 0) - now;

/** Whether another invocation asks VirusTotal, and its answer is worth waiting for. */
export const isAskedElsewhere = (entry: Entry, now: number): boolean =>
  leftOf(entry, now) > 0 && !isSharedByNone(entry, now);

/** Whether each caller asks for itself, because answers are not kept at the moment. */
export const isSharedByNone = (entry: Entry, now: number): boolean =>
  leftOf(entry, now) > 0 && entry.lease?.holder === SHARED_BY_NONE;
