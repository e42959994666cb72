/** Makes reports from counts and categories, and verdicts on them. */

import type { IndicatorType } from '../../../shared/indicators/indicator-type.ts';
import { parsePolicy } from '../../../shared/verdict/parse-policy.ts';
import type { VerdictPolicyInput } from '../../../shared/verdict/policy-schema.ts';
import type { Verdict } from '../../../shared/verdict/verdict-schema.ts';
import { type Evidence, type Report, withVerdict } from '../../../shared/verdict/with-verdict.ts';
import {
  type EngineResults,
  engineResults,
} from '../../../shared/virustotal/answers/engine-results.ts';

/** The time of the verdicts in these tests, epoch seconds: 2026-03-01 00:00:00 UTC. */
export const NOW = 1_772_323_200;

/** A finished report from the day before. */
export const finished: Report = {
  response_code: 1,
  verbose_msg: 'Scan finished, information embedded',
  permalink: 'https://www.virustotal.com/gui/file/x',
  scan_date: '2026-02-28 00:00:00',
};

/** Results by engine. */
export function opinions(categories: Readonly<Record<string, string>>): EngineResults {
  const results = Object.entries(categories).map(([engine, category]) => [
    engine,
    { category, result: category === 'undetected' ? null : `${engine} label` },
  ]);
  return engineResults(Object.fromEntries(results), undefined);
}

/** Results by number: engines M1, M2, ... say malicious, S1, ... suspicious, U1, ... undetected. */
export function counted(malicious: number, suspicious: number, total: number): EngineResults {
  return opinions(categories(malicious, suspicious, total));
}

/** The same, as the engines' categories. */
export function categories(
  malicious: number,
  suspicious: number,
  total: number,
): Record<string, string> {
  const named = (prefix: string, number: number, category: string) =>
    Array.from({ length: number }, (_, n) => [`${prefix}${n + 1}`, category]);
  return Object.fromEntries([
    ...named('M', malicious, 'malicious'),
    ...named('S', suspicious, 'suspicious'),
    ...named('U', total - malicious - suspicious, 'undetected'),
  ]);
}

/** What the verdict is about; everything has a default. */
export interface Case {
  readonly type?: IndicatorType;
  readonly indicator?: string | null;
  readonly policy?: VerdictPolicyInput | string;
  readonly report?: Partial<Report>;
  readonly nowSeconds?: number;
}

/** The verdict on results, on other evidence, or on none. */
export function verdictOn(
  evidence: EngineResults | Evidence | 'not-sent' | undefined,
  {
    type = 'file',
    indicator = null,
    policy = 'balanced',
    report = {},
    nowSeconds = NOW,
  }: Case = {},
): Verdict {
  return withVerdict(
    { ...finished, ...report },
    {
      type,
      indicator,
      policy: parsePolicy(policy, 'policy'),
      evidence:
        typeof evidence === 'object' && 'opinions' in evidence ? { results: evidence } : evidence,
      nowSeconds,
    },
  ).verdict;
}
