/** Adds the verdict to a report: pure, and the same for every type of indicator. */
import type { IndicatorType } from '../indicators/indicator-type.ts';
import type { EngineResults } from '../virustotal/answers/engine-results.ts';
import { noResults } from '../virustotal/answers/engine-results.ts';
import { type AllowListMatch, matchAllowList } from './allow-list.ts';
import { type Conclusion, conclude } from './conclude.ts';
import type { VerdictPolicy } from './policy-schema.ts';
import * as sentences from './reasons.ts';
import { rulesFor } from './rules.ts';
import { ratioOf, type Tally, tally } from './tally.ts';
import type { AppliedPolicy, Verdict } from './verdict-schema.ts';

/** What a verdict reads of a report. */
export interface Report {
  readonly response_code: 1 | 0 | -2;
  readonly verbose_msg: string;
  readonly permalink: string | null;
  readonly scan_date: string | null;
}

/** What VirusTotal found: the engines' opinions, and other names of the indicator. */
export interface Evidence {
  readonly results: EngineResults;
  readonly md5?: string | null;
  readonly sha1?: string | null;
  readonly sha256?: string | null;
  readonly fileSha256?: string | null;
  readonly url?: string | null;
}

/** What a verdict is about, and what decides it. */
export interface VerdictSubject {
  readonly type: IndicatorType;
  /** The indicator as its parser returns it; null when only the id of an analysis is known. */
  readonly indicator: string | null;
  /** Name of a preset, or a policy object. */
  readonly policy: VerdictPolicy;
  /** Time of the verdict, epoch seconds. */
  readonly nowSeconds: number;
}

/** A subject, with what VirusTotal knows about it. */
export interface VerdictOptions extends VerdictSubject {
  /** `not-sent` when VirusTotal was not asked. @default there is no report */
  readonly evidence?: Evidence | 'not-sent' | undefined;
}

/**
 * Returns the report with its verdict.
 *
 * @param report - a reputation's output without verdict
 * @param options - what it is about, the policy, and VirusTotal's findings
 */
export function withVerdict<R extends Report>(
  report: R,
  options: VerdictOptions,
): R & { verdict: Verdict } {
  return { ...report, verdict: verdictOn(report, options) };
}

function verdictOn(report: Report, options: VerdictOptions): Verdict {
  const { type, policy, nowSeconds } = options;
  const evidence = options.evidence === 'not-sent' ? undefined : options.evidence;
  const rules = rulesFor(policy, type);
  const names = namesOf(options.indicator, evidence);
  const listed = matchAllowList(policy, type, names, nowSeconds);
  const counted = report.response_code === 1 ? tally(evidence?.results ?? noResults, rules) : null;
  const conclusion =
    counted === null
      ? concludeWithoutReport(report, options.evidence === 'not-sent', listed)
      : concludeFromReport(isUndated(report, type) ? null : counted, rules, listed);
  return {
    value: conclusion.value,
    reasons: [...conclusion.reasons, ...listed.expired.map(sentences.expired)],
    engines: counted?.engines ?? [],
    ratio: counted ? ratioOf(counted) : noRatio,
    report_age: ageOf(report.scan_date, nowSeconds),
    permalink: report.permalink,
    allowed_because: listed.current?.reason ?? null,
    policy: rules,
  };
}

const noRatio = { malicious: null, suspicious: null, total: null, percentage: null } as const;

/** Whether the results of a file or URL have no date: an IP address or domain may have none and still count. */
function isUndated({ scan_date }: Report, type: IndicatorType): boolean {
  return scan_date === null && (type === 'file' || type === 'url');
}

/** @param counted - null if the results have no date, so that they may be of any age */
function concludeFromReport(
  counted: Tally | null,
  rules: AppliedPolicy,
  { current }: AllowListMatch,
): Conclusion {
  const conclusion: Conclusion = counted
    ? conclude(counted, rules, current !== undefined)
    : { value: 'unknown', reasons: [sentences.UNDATED] };
  if (current === undefined) return conclusion;
  const allowed = sentences.allowed(current);
  const isDecisive = conclusion.value === 'clean';
  return {
    value: conclusion.value,
    reasons: isDecisive ? [allowed, ...conclusion.reasons] : [...conclusion.reasons, allowed],
  };
}

/** Without a report an indicator is never clean, even if the allow list has it. */
function concludeWithoutReport(
  report: Report,
  isSkipped: boolean,
  { current }: AllowListMatch,
): Conclusion {
  const allowed = current ? [sentences.allowed(current), sentences.ALLOWED_WITHOUT_REPORT] : [];
  if (isSkipped) return { value: 'skipped', reasons: [`${report.verbose_msg}.`, ...allowed] };
  return report.response_code === -2
    ? { value: 'pending', reasons: [sentences.PENDING, ...allowed] }
    : { value: 'unknown', reasons: [sentences.UNKNOWN, ...allowed] };
}

function namesOf(indicator: string | null, evidence: Evidence | undefined): string[] {
  const { md5, sha1, sha256, fileSha256, url } = evidence ?? {};
  return [indicator, md5, sha1, sha256, fileSha256, url].filter((name) => typeof name === 'string');
}

/** Whole seconds, at least 0: clocks differ, and a report cannot be from the future. */
function ageOf(scanDate: string | null, nowSeconds: number): number | null {
  if (scanDate === null) return null;
  const analysed = Date.parse(`${scanDate.replace(' ', 'T')}Z`) / 1000;
  return Math.max(0, Math.floor(nowSeconds - analysed));
}
