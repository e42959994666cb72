/** The sentences that give a verdict's reasons. */
import type { AllowEntry } from './policy-schema.ts';
import { FEWEST_OPINIONS, type Tally } from './tally.ts';

/** There is no report. */
export const UNKNOWN = 'VirusTotal has no report on it, which does not mean that it is clean.';
/** The analysis is running. */
export const PENDING = 'VirusTotal is still analysing it.';
/** The report has results, but no date of analysis. */
export const UNDATED =
  'The report does not say when it was analysed, so its results may be of any age.';
/** The report has no opinion, or only those of ignored engines. */
export const NO_OPINIONS = 'The report has no opinion of an engine that counts.';
/** The report has only statistics. */
export const NAMELESS =
  'The report counts opinions without naming engines, so trust, ignore and veto could not be applied.';
/** The indicator is on the allow list, but there is no report. */
export const ALLOWED_WITHOUT_REPORT =
  'The allow list overrides detections, but it does not replace a report.';

/** `1 of 70 engines calls it ...` */
function enginesSay(number: number, { total }: Tally, what: string): string {
  return `${number} of ${total} engines ${number === 1 ? 'calls' : 'call'} it ${what}`;
}

/** Returns a sentence if a count reaches its threshold. */
export function countReached(
  number: number,
  tally: Tally,
  threshold: number | null,
  what: string,
): string[] {
  if (threshold === null || number < threshold) return [];
  return [`${enginesSay(number, tally, what)}; the policy requires ${threshold}.`];
}

/** Returns a sentence if the percentage reaches its threshold. */
export function percentReached({ percentage, total }: Tally, threshold: number | null): string[] {
  if (threshold === null || percentage === null || percentage < threshold) return [];
  return [
    `${percentage} % of ${total} engines call it malicious; the policy requires ${threshold} %.`,
  ];
}

/** A trusted engine decides. */
export function trusted(engine: string, what: 'malicious' | 'suspicious'): string {
  return `${engine}, which the policy trusts, calls it ${what}.`;
}

/** A veto keeps the verdict from malicious. */
export function vetoed(engines: readonly string[]): string {
  return `It is at most suspicious, because engines with a veto do not detect it: ${engines.join(', ')}.`;
}

/** There are too few opinions for a percentage or a clean verdict. */
export function tooFew({ total }: Tally): string {
  return `${total === 1 ? '1 opinion is' : `${total} opinions are`} too few: a percentage or a clean verdict needs ${FEWEST_OPINIONS}.`;
}

/** No engine detects anything. */
export function undetected({ total }: Tally): string {
  return `None of ${total} engines calls it malicious or suspicious.`;
}

/** Returns a sentence if there are detections that do not decide. */
export function detections(tally: Tally, isAllowed: boolean): string[] {
  const number = tally.malicious + tally.suspicious;
  if (number === 0) return [];
  const why = isAllowed ? 'the allow list overrides' : 'is below the threshold';
  return [`${enginesSay(number, tally, 'malicious or suspicious')}, which ${why}.`];
}

/** The indicator is on the allow list. */
export function allowed({ reason, expires }: AllowEntry): string {
  const until = expires === undefined ? '' : ` until ${moment(expires)}`;
  return `It is on the allow list${until}: ${JSON.stringify(reason)}.`;
}

/** The indicator's entry on the allow list has expired. */
export function expired({ reason, expires = 0 }: AllowEntry): string {
  return `Its entry on the allow list expired at ${moment(expires)} and is ignored: ${JSON.stringify(reason)}.`;
}

/** `2027-01-31T23:59:59Z` */
function moment(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().replace('.000', '');
}
