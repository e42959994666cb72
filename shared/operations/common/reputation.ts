/** From the answer to a lookup to a reputation: its report, and the verdict on it. */
import type { Verdict } from '../../verdict/verdict-schema.ts';
import {
  type Evidence,
  type Report,
  type VerdictSubject,
  withVerdict,
} from '../../verdict/with-verdict.ts';
import type { Lookup } from '../../virustotal/answers/index.ts';

/** The report for each answer to a lookup. */
export interface ReportCases<T, R> {
  found(object: T): R | Promise<R>;
  /** VirusTotal does not know the object. */
  unknown(): R;
  /** The report is not available yet. */
  running(): R;
}

/**
 * Maps the answer to a lookup to a report, and adds the verdict.
 *
 * @param lookup - VirusTotal's answer
 * @param subject - what the verdict is about
 * @param cases - the report for each answer
 */
export async function toReputation<T extends Evidence, R extends Report>(
  lookup: Lookup<T>,
  subject: VerdictSubject,
  cases: ReportCases<T, R>,
): Promise<R & { verdict: Verdict }> {
  if (lookup.status === 'found') {
    const evidence = lookup.object;
    return withVerdict(await cases.found(evidence), { ...subject, evidence });
  }
  const report = lookup.status === 'unknown' ? cases.unknown() : cases.running();
  return withVerdict(report, subject);
}

/** Adds the verdict to the report on an indicator that must not be sent to VirusTotal. */
export function notSent<R extends Report>(
  report: R,
  subject: VerdictSubject,
): R & { verdict: Verdict } {
  return withVerdict(report, { ...subject, evidence: 'not-sent' });
}
