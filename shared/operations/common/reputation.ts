/** From the answer to a lookup to a reputation: its report, and the verdict on it. */
import type { Verdict } from '../../verdict/verdict-schema.ts';
import {
  type Evidence,
  type Report,
  type VerdictSubject,
  withVerdict,
} from '../../verdict/with-verdict.ts';
import { type Lookup, type LookupCases, matchLookup } from '../../virustotal/answers/index.ts';

/**
 * Maps the answer to a lookup to a report, and adds the verdict.
 *
 * @param lookup - VirusTotal's answer
 * @param subject - what the verdict is about, and the policy
 * @param cases - the report for each answer
 */
export async function toReputation<T extends Evidence, R extends Report>(
  lookup: Lookup<T>,
  subject: VerdictSubject,
  cases: LookupCases<T, R | Promise<R>>,
): Promise<R & { verdict: Verdict }> {
  const report = await matchLookup(lookup, cases);
  const evidence = lookup.status === 'found' ? lookup.object : undefined;
  return withVerdict(report, { ...subject, evidence, nowSeconds: Date.now() / 1000 });
}

/** Adds the verdict to the report on an indicator that must not be sent to VirusTotal. */
export function notSent<R extends Report>(
  report: R,
  subject: VerdictSubject,
): R & { verdict: Verdict } {
  return withVerdict(report, { ...subject, evidence: 'not-sent', nowSeconds: Date.now() / 1000 });
}
