/** The verdict on a report: pure, whatever the indicator. */
import type { EngineResults } from '../virustotal/answers/engine-results.ts';
import { noResults } from '../virustotal/answers/engine-results.ts';
import { type Listing, listing } from './allow-list.ts';
import { appliedPolicy } from './applied-policy.ts';
import { type Conclusion, conclude } from './conclude.ts';
import type { VerdictPolicy } from './policy-schema.ts';
import type { IndicatorType } from './presets.ts';
import { ratioOf, type Tally, tally } from './tally.ts';
import type { AppliedPolicy, Verdict } from './verdict-schema.ts';
import * as words from './words.ts';

/** What is asked, and by which rules it is answered. */
export interface Question {
  /** What kind of indicator it is. */
  readonly type: IndicatorType;
  /** The indicator as its parser gives it; null when only an analysis id is known. */
  readonly asked: string | null;
  /** A preset's name, or an object. */
  readonly policy: VerdictPolicy;
  /** Epoch seconds. */
  readonly nowSeconds: number;
}

/** What the verdict reads of a reputation. */
export interface Report {
  readonly response_code: 1 | 0 | -2;
  readonly verbose_msg: string;
  readonly permalink: string | null;
  readonly scan_date: string | null;
}

/** What VirusTotal found: its opinions, and what else the indicator is known by. */
export interface Evidence {
  readonly results: EngineResults;
  readonly md5?: string | null;
  readonly sha1?: string | null;
  readonly sha256?: string | null;
  readonly fileSha256?: string | null;
  readonly url?: string | null;
}

/** Adds the verdict to a reputation; the evidence is `not-sent` when VirusTotal was not asked. */
export type Judge = <R extends Report>(
  report: R,
  evidence?: Evidence | 'not-sent',
) => R & { verdict: Verdict };

/**
 * Makes the judge of one question.
 *
 * @param question - the indicator, the policy and the time
 */
export function judgeOf(question: Question): Judge {
  return (report, evidence) => ({ ...report, verdict: verdictOn(question, report, evidence) });
}

function verdictOn(
  question: Question,
  report: Report,
  evidence: Evidence | 'not-sent' | undefined,
): Verdict {
  const found = evidence === 'not-sent' ? undefined : evidence;
  const policy = appliedPolicy(question.policy, question.type);
  const listed = listing(
    question.policy,
    question.type,
    namesOf(question.asked, found),
    question.nowSeconds,
  );
  const counted = report.response_code === 1 ? tally(found?.results ?? noResults, policy) : null;
  const { value, reasons } =
    counted === null
      ? withoutReport(report, evidence === 'not-sent', listed)
      : withReport(counted, policy, listed);
  return {
    value,
    reasons: [...reasons, ...listed.expired.map(words.expired)],
    engines: counted?.engines ?? [],
    ratio: counted ? ratioOf(counted) : noRatio,
    report_age: ageOf(report.scan_date, question.nowSeconds),
    permalink: report.permalink,
    allowed_because: listed.live?.reason ?? null,
    policy,
  };
}

const noRatio = { malicious: null, suspicious: null, total: null, percentage: null } as const;

function withReport(counted: Tally, policy: AppliedPolicy, { live }: Listing): Conclusion {
  const { value, reasons } = conclude(counted, policy, live !== undefined);
  if (live === undefined) return { value, reasons };
  const allowed = words.allowed(live);
  return { value, reasons: value === 'clean' ? [allowed, ...reasons] : [...reasons, allowed] };
}

/** What is not known is never clean, not even when the allow list names it. */
function withoutReport(report: Report, isSkipped: boolean, { live }: Listing): Conclusion {
  const allowed = live ? [words.allowed(live), words.ALLOWED_IN_VAIN] : [];
  if (isSkipped) return { value: 'skipped', reasons: [`${report.verbose_msg}.`, ...allowed] };
  return report.response_code === -2
    ? { value: 'pending', reasons: [words.PENDING, ...allowed] }
    : { value: 'unknown', reasons: [words.UNKNOWN, ...allowed] };
}

function namesOf(asked: string | null, found: Evidence | undefined): string[] {
  const names = [asked, found?.md5, found?.sha1, found?.sha256, found?.fileSha256, found?.url];
  return names.filter((name) => typeof name === 'string');
}

/** Whole seconds; clocks differ, and no report is of the future. */
function ageOf(scanDate: string | null, nowSeconds: number): number | null {
  if (scanDate === null) return null;
  const analysed = Date.parse(`${scanDate.replace(' ', 'T')}Z`) / 1000;
  return Math.max(0, Math.floor(nowSeconds - analysed));
}
