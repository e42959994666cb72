/** From the answer to a lookup to a reputation: its report, the verdict on it, and what came from the cache. */
import type { CacheUse } from '../../limits.ts';
import type { Verdict } from '../../verdict/verdict-schema.ts';
import {
  type Evidence,
  type Report,
  type VerdictSubject,
  withVerdict,
} from '../../verdict/with-verdict.ts';
import type { Lookup } from '../../virustotal/answers/index.ts';
import { NOT_CACHED } from './messages.ts';
import type { CacheFields } from './output-fields.ts';
import { toDate } from './output-values.ts';

/** What a reputation is about, and how it uses the cache. */
export interface ReputationSubject extends VerdictSubject {
  /** That of the lookup's limits. */
  readonly cache: CacheUse;
}

/** The report for each answer to a lookup. */
export interface ReportCases<T, R> {
  found(object: T): R | Promise<R>;
  /** VirusTotal does not know the object. */
  unknown(): R;
  /** The report is not available yet. */
  running(): R;
  /** VirusTotal was not asked; the reason is the message. */
  notSent(reason: string): R;
}

/** A report with what is added to all of them. */
export type Reputation<R> = R & { verdict: Verdict } & CacheFields;

/**
 * Maps the answer to a lookup to a report, and adds the verdict.
 *
 * @param lookup - the answer
 * @param subject - what the verdict is about
 * @param cases - the report for each answer
 */
export async function toReputation<T extends Evidence, R extends Report>(
  lookup: Lookup<T>,
  subject: ReputationSubject,
  cases: ReportCases<T, R>,
): Promise<Reputation<R>> {
  if (lookup.status === 'not-cached') return notSent(cases.notSent(NOT_CACHED), subject);
  if (lookup.status === 'found') {
    const evidence = lookup.object;
    const report = await cases.found(evidence);
    return { ...withVerdict(report, { ...subject, evidence }), ...cacheFieldsOf(subject) };
  }
  const report = lookup.status === 'unknown' ? cases.unknown() : cases.running();
  return { ...withVerdict(report, subject), ...cacheFieldsOf(subject) };
}

/** Adds the verdict to the report on an indicator about which VirusTotal was not asked. */
export function notSent<R extends Report>(report: R, subject: ReputationSubject): Reputation<R> {
  const evidence = 'not-sent';
  return { ...withVerdict(report, { ...subject, evidence }), ...cacheFieldsOf(subject) };
}

function cacheFieldsOf({ cache: { answeredAt } }: ReputationSubject): CacheFields {
  return {
    cached: answeredAt !== null,
    cached_at: toDate(answeredAt === null ? null : Math.floor(answeredAt / 1000)),
  };
}
