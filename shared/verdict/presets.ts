/** The policies that come with the connector; `docs/verdict.md` says when to take which. */
import type { IndicatorType } from '../indicators/indicator-type.ts';
import type { PresetName } from './policy-schema.ts';
import type { AppliedPolicy } from './verdict-schema.ts';

/** When the verdict is malicious, and when suspicious. */
export type Thresholds = Pick<AppliedPolicy, 'malicious' | 'suspicious'>;

const counts = (malicious: number, suspicious: number): Thresholds => ({
  malicious: { count: malicious, percent: null },
  suspicious: { count: suspicious, percent: null },
});

/** Of a site, one engine alone is wrong more often than of a file. */
const balancedSite = counts(3, 2);
const balanced = { file: counts(3, 1), url: balancedSite, ip: balancedSite, domain: balancedSite };

const sameForAll = (all: Thresholds) => ({ file: all, url: all, ip: all, domain: all });

/** Thresholds of each preset by type of indicators. */
export const presets: Readonly<Record<PresetName, Readonly<Record<IndicatorType, Thresholds>>>> = {
  balanced,
  // An aggregate over 0 is one of 1 or more.
  aggregate: sameForAll({
    malicious: { count: null, percent: 5 },
    suspicious: { count: null, percent: 1 },
  }),
  strict: sameForAll(counts(1, 1)),
  conservative: sameForAll(counts(10, 5)),
};
