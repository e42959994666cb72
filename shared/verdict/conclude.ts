/** Derives the verdict and its reasons from the opinions in a finished report. */

import * as sentences from './reasons.ts';
import { FEWEST_OPINIONS, type Tally } from './tally.ts';
import type { AppliedPolicy, VerdictValue } from './verdict-schema.ts';

/** Value and reasons of a verdict. */
export interface Conclusion {
  readonly value: VerdictValue;
  /** Sentences, the decisive one first. */
  readonly reasons: string[];
}

/**
 * Returns the conclusion of the first rule that matches.
 *
 * @param tally - the counted opinions
 * @param policy - the rules
 * @param isAllowed - whether the indicator is on the allow list, which overrides detections
 */
export function conclude(tally: Tally, policy: AppliedPolicy, isAllowed: boolean): Conclusion {
  const { value, reasons } =
    tally.total === 0 ? unknown(sentences.NO_OPINIONS) : byRules(tally, policy, isAllowed);
  const namesEngines = [policy.trust, policy.ignore, policy.veto].some(({ length }) => length > 0);
  return {
    value,
    reasons: tally.isNameless && namesEngines ? [...reasons, sentences.NAMELESS] : reasons,
  };
}

function byRules(tally: Tally, policy: AppliedPolicy, isAllowed: boolean): Conclusion {
  const detected = isAllowed ? null : (malicious(tally, policy) ?? suspicious(tally, policy));
  if (detected) return detected;
  const detections = sentences.detections(tally, isAllowed);
  if (tally.total < FEWEST_OPINIONS) return unknown(sentences.tooFew(tally), ...detections);
  const isUndetected = detections.length === 0;
  return { value: 'clean', reasons: isUndetected ? [sentences.undetected(tally)] : detections };
}

function malicious(tally: Tally, policy: AppliedPolicy): Conclusion | null {
  const trusted = tally.trusted.filter(({ category }) => category === 'malicious');
  const byTrust = trusted.map(({ engine }) => sentences.trusted(engine, 'malicious'));
  const byNumber = [
    ...sentences.countReached(tally.malicious, tally, policy.malicious.count, 'malicious'),
    ...sentences.percentReached(tally, policy.malicious.percent),
  ];
  if (byTrust.length > 0) return { value: 'malicious', reasons: [...byTrust, ...byNumber] };
  if (byNumber.length === 0) return null;
  return tally.vetoing.length === 0
    ? { value: 'malicious', reasons: byNumber }
    : { value: 'suspicious', reasons: [sentences.vetoed(tally.vetoing), ...byNumber] };
}

function suspicious(tally: Tally, policy: AppliedPolicy): Conclusion | null {
  const reasons = [
    ...tally.trusted.map(({ engine }) => sentences.trusted(engine, 'suspicious')),
    ...sentences.countReached(
      tally.malicious + tally.suspicious,
      tally,
      policy.suspicious.count,
      'malicious or suspicious',
    ),
    ...sentences.percentReached(tally, policy.suspicious.percent),
  ];
  return reasons.length === 0 ? null : { value: 'suspicious', reasons };
}

function unknown(...reasons: string[]): Conclusion {
  return { value: 'unknown', reasons };
}
