/**
 * Keeps VirusTotal's answers in the state table, for all functions. Of invocations that ask the same at the same
 * time, one holds a lease while it asks, and the others wait for its answer.
 */
import { QuotaExceededError } from '../errors.ts';
import { type CacheUse, cacheUse, type Limits } from '../limits.ts';
import type { AnswerCache, Ask, CacheableQuestion } from '../virustotal/answer-cache.ts';
import type { Question } from '../virustotal/question.ts';
import { decodeAnswer, encodeAnswer } from './body.ts';
import {
  isAskedElsewhere,
  isCurrent,
  isSharedByNone,
  type KeptAnswer,
  type Known,
  leftOf,
  usableAnswer,
} from './entry.ts';
import { AskedElsewhereError, Flight } from './flight.ts';
import type { ReportCacheOptions } from './options.ts';
import { reportKey, submissionKeys } from './report-key.ts';
import { FIRST_PAUSE_MS, longer, mayWait, pauseForOther, soon, waitingOf } from './waiting.ts';

/** Clocks differ by a second at most: a question of up to this time after a submission counts as one before it. */
const CLOCKS_MS = 2_000;

/** Of a question that is asked whatever is kept. */
const nothing: Known = {
  entry: { answer: null, submission: null, lease: null, expiresAt: 0 },
  submissions: [],
};

/** The cache. */
export class ReportCache implements AnswerCache {
  readonly #options: ReportCacheOptions;

  constructor(options: ReportCacheOptions) {
    this.#options = options;
  }

  async answer<T>(question: CacheableQuestion<T>, limits: Limits, ask: Ask<T>): Promise<T | null> {
    const { now, count, sleep } = this.#options;
    const use = limits.cache ?? cacheUse();
    if (use.mode === 'bypass') return this.#ask({ question, use, limits, known: nothing }, ask);
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = longer(pauseMs)) {
      const known = await this.#read(question, use, limits);
      if (known === null) return ask();
      const kept = usableAnswer(known, use.since, now());
      const answer = kept && (await this.#open<T>(kept, use, limits));
      if (answer !== null) return answer;
      if (use.mode === 'only') {
        count('cacheMisses');
        return null;
      }
      if (!(mayWait(limits) && isAskedElsewhere(known.entry, now()))) {
        const asked = await this.#askOnce({ question, use, limits, known }, ask);
        if (asked !== 'elsewhere') return asked;
      }
      if (pauseMs === FIRST_PAUSE_MS) count('cacheFlights');
      const leftMs = leftOf(known.entry, now());
      await (sleep ?? pauseForOther)(
        leftMs > 0 ? Math.min(pauseMs, leftMs) : pauseMs,
        limits.signal,
      );
    }
  }

  async forget(
    questions: readonly Question[],
    epoch: number | null,
    limits: Limits,
  ): Promise<void> {
    const { table, now, version } = this.#options;
    const submission = { at: now() + CLOCKS_MS, epoch: epoch ?? Math.floor(now() / 1000) };
    const keys = new Set(questions.map((question) => reportKey(version, question)));
    await this.#try('forget reports', () =>
      Promise.all([...keys].map((key) => table.noteSubmission(key, submission, soon(limits)))),
    );
  }

  /** @returns null without the table */
  async #read(question: Question, { mode }: CacheUse, limits: Limits): Promise<Known | null> {
    const { table, version } = this.#options;
    const [key, ...others] = [reportKey(version, question), ...submissionKeys(version, question)];
    const read = () => table.read(key, others, soon(limits));
    // Without the table, a call that must not ask VirusTotal has no answer.
    return mode === 'only' ? read() : ((await this.#try('read a report', read)) ?? null);
  }

  /** @returns null if the answer is damaged */
  async #open<T>(kept: KeptAnswer, use: CacheUse, { caller }: Limits): Promise<T | null> {
    const answer = await this.#try('read a report', async () => decodeAnswer<T>(kept.body));
    if (answer === undefined) return null;
    this.#options.count('cacheHits');
    use.isKept = true;
    use.answeredAt = Math.min(use.answeredAt ?? kept.askedAt, kept.askedAt);
    // The same work has asked before: what it still needs goes before those who have not begun.
    const isSameWork = caller && caller.work !== null && caller.work === kept.work;
    if (isSameWork) caller.progress.hasBegun = true;
    return answer;
  }

  /** @returns `elsewhere` if another invocation asks the same, or has an answer by now */
  async #askOnce<T>(question: Asked<T>, ask: Ask<T>): Promise<T | 'elsewhere'> {
    try {
      return await this.#ask(question, ask);
    } catch (error) {
      if (error instanceof AskedElsewhereError) return 'elsewhere';
      const { limits, known, use } = question;
      if (!(error instanceof QuotaExceededError && mayWait(limits))) throw error;
      // Another invocation may have got the last place at the door, for the same question.
      const later = await this.#read(question.question, use, limits);
      const isNewer = later?.entry.answer?.askedAt !== known.entry.answer?.askedAt;
      const isAsked = later !== null && isAskedElsewhere(later.entry, this.#options.now());
      if (later !== null && (isNewer || isAsked)) return 'elsewhere';
      throw error;
    }
  }

  /** Asks, and keeps the answer. Others wait for it, unless it would not be kept. */
  async #ask<T>(asked: Asked<T>, ask: Ask<T>): Promise<T> {
    const { question, use, limits, known } = asked;
    const { version, now } = this.#options;
    const key = reportKey(version, question);
    const isAlone = use.mode === 'bypass' || isSharedByNone(known.entry, now());
    const flight = isAlone
      ? null
      : new Flight({ ...this.#options, key, entry: known.entry, ...waitingOf(limits) });
    let askedAt = now();
    try {
      const answer = await ask(async () => {
        await flight?.begin();
        askedAt = now();
      });
      this.#options.count('cacheMisses');
      await this.#land(asked, answer, key, askedAt, flight);
      return answer;
    } catch (error) {
      await flight?.end();
      throw error;
    }
  }

  async #land<T>(
    { question, use, limits, known }: Asked<T>,
    answer: T,
    key: string,
    askedAt: number,
    flight: Flight | null,
  ): Promise<void> {
    const { table, foundMs, unknownMs, count } = this.#options;
    const keepable = question.keepable(answer);
    const isKept =
      keepable !== null && isCurrent({ askedAt, ...keepable }, known.submissions, use.since);
    const body = isKept ? encodeAnswer(answer) : null;
    if (isKept && body === null) count('cacheTooLarge');
    if (keepable === null || body === null) {
      await flight?.endUnshared();
      return;
    }
    const { isFound, analysedAt } = keepable;
    const goodUntil = askedAt + (isFound ? foundMs : unknownMs);
    const kept = { body, askedAt, goodUntil, analysedAt, work: limits.caller?.work ?? null };
    const landed = await this.#try('keep a report', () => table.keep(key, kept, soon(limits)));
    if (landed) {
      use.isKept = true;
      flight?.landed();
    } else await flight?.end();
  }

  /** The answer does not depend on these. @returns undefined if it fails */
  async #try<T>(action: string, task: () => Promise<T>): Promise<T | undefined> {
    try {
      return await task();
    } catch (error) {
      this.#options.onTrouble(action, error);
      return undefined;
    }
  }
}

/** A question, by whom it is asked, and what is known of it. */
interface Asked<T> {
  readonly question: CacheableQuestion<T>;
  readonly use: CacheUse;
  readonly limits: Limits;
  readonly known: Known;
}
