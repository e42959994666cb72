/** Where lookups find answers that VirusTotal has given before. */
import type { Limits } from '../limits.ts';
import type { Question } from './question.ts';

/** An answer that may be kept. */
export interface Keepable {
  /** Whether VirusTotal knows the object; what it does not know is kept for a shorter time. */
  readonly isFound: boolean;
  /** When the object was analysed, epoch seconds; null if that is not known. */
  readonly analysedAt: number | null;
}

/** A lookup whose answer may be kept. */
export interface CacheableQuestion<T> extends Question {
  /** Returns null for an answer that must not be kept: of an analysis that is running, for example. */
  readonly keepable: (answer: T) => Keepable | null;
}

/**
 * Asks VirusTotal.
 *
 * @param begin - called at the moment at which a request is sent; throws if another invocation asks the same
 */
export type Ask<T> = (begin?: (limits: Limits) => Promise<void>) => Promise<T>;

/** The cache. */
export interface AnswerCache {
  /**
   * Returns the answer that is kept, or asks and keeps the answer.
   *
   * @returns null if nothing is kept and VirusTotal must not be asked
   * @throws the errors of `ask`
   */
  answer<T>(question: CacheableQuestion<T>, limits: Limits, ask: Ask<T>): Promise<T | null>;
  /**
   * Forgets answers about an object that was submitted. Until the analysis has ended, nothing else is kept. Does
   * not throw.
   *
   * @param epoch - of the analysis, epoch seconds; null: now
   */
  forget(questions: readonly Question[], epoch: number | null, limits: Limits): Promise<void>;
}

/** Keeps nothing. */
export const noCache: AnswerCache = {
  answer: async (_question, { cache }, ask) => (cache?.mode === 'only' ? null : ask()),
  forget: async () => {},
};
