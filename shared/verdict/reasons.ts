/** The sentences in which a verdict gives its reasons. */
import type { AllowEntry } from './policy-schema.ts';
import { FEWEST_OPINIONS, type Tally } from './tally.ts';

/** VirusTotal has no report. */
export const UNKNOWN = 'VirusTotal has no report on it, which does not mean that it is clean.';
/** The analysis runs. */
export const PENDING = 'VirusTotal is still analysing it.';
/** There is a report of which no opinion counts. */
export const NO_OPINIONS = 'The report holds no opinion of an engine that counts.';
/** There are statistics without names. */
export const NAMELESS =
  'The report counts opinions without naming engines, so trust, ignore and veto could not be applied.';
/** An entry of the allow list, without a report. */
export const ALLOWED_WITHOUT_REPORT =
  'The allow list sets detections aside, and does not stand in for a report.';

/** `1 of 70 engines calls it ...` */
function enginesSay(number: number, { total }: Tally, what: string): string {
  return `${number} of ${total} engines ${number === 1 ? 'calls' : 'call'} it ${what}`;
}

/** A count reaches its threshold: one sentence; none when it does not, or there is no threshold. */
export function countReached(
  number: number,
  tally: Tally,
  threshold: number | null,
  what: string,
): string[] {
  if (threshold === null || number < threshold) return [];
  return [`${enginesSay(number, tally, what)}; the policy asks for ${threshold}.`];
}

/** The percentage reaches its threshold: one sentence; none when it does not, or there is either not. */
export function percentReached({ percentage, total }: Tally, threshold: number | null): string[] {
  if (threshold === null || percentage === null || percentage < threshold) return [];
  return [
    `${percentage} % of ${total} engines call it malicious; the policy asks for ${threshold} %.`,
  ];
}

/** A trusted engine decides. */
export function trusted(engine: string, what: 'malicious' | 'suspicious'): string {
  return `${engine}, which the policy trusts, calls it ${what}.`;
}

/** A veto keeps the verdict from malicious. */
export function vetoed(engines: readonly string[]): string {
  return `It is suspicious at most, because an engine with a veto does not detect it: ${engines.join(', ')}.`;
}

/** A percentage or a clean verdict would need more opinions. */
export function tooFew({ total }: Tally): string {
  return `The opinions of ${total} engine${total === 1 ? '' : 's'} are too few: a percentage or a clean verdict needs ${FEWEST_OPINIONS}.`;
}

/** No engine says anything against it. */
export function undetected({ total }: Tally): string {
  return `None of ${total} engines calls it malicious or suspicious.`;
}

/** Detections that did not decide: one sentence, or none when there are none. */
export function detections(tally: Tally, isAllowed: boolean): string[] {
  const number = tally.malicious + tally.suspicious;
  if (number === 0) return [];
  const why = isAllowed ? 'the allow list sets aside' : 'is less than the policy asks for';
  return [`${enginesSay(number, tally, 'malicious or suspicious')}, which ${why}.`];
}

/** The allow list names the indicator. */
export function allowed({ reason, expires }: AllowEntry): string {
  const until = expires === undefined ? '' : ` until ${moment(expires)}`;
  return `The allow list names it${until}: ${JSON.stringify(reason)}.`;
}

/** An entry of the allow list has ended. */
export function expired({ reason, expires = 0 }: AllowEntry): string {
  return `An entry of the allow list ended at ${moment(expires)} and is ignored: ${JSON.stringify(reason)}.`;
}

/** `2027-01-31T23:59:59Z` */
function moment(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().replace('.000', '');
}
