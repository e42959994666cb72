/** The built-in policies; `docs/verdict.md` explains which to choose. */
import type { IndicatorType } from '../indicators/indicator-type.ts';
import type { PresetName } from './policy-schema.ts';
import type { AppliedPolicy } from './verdict-schema.ts';

/** Thresholds for malicious and suspicious. */
export type Thresholds = Pick<AppliedPolicy, 'malicious' | 'suspicious'>;

const counts = (malicious: number, suspicious: number): Thresholds => ({
  malicious: { count: malicious, percent: null },
  suspicious: { count: suspicious, percent: null },
});

/** A single engine is more often wrong about a site than about a file. */
const balancedSite = counts(3, 2);
const balanced = { file: counts(3, 1), url: balancedSite, ip: balancedSite, domain: balancedSite };

const sameForAll = (all: Thresholds) => ({ file: all, url: all, ip: all, domain: all });

/** Thresholds of each preset, by type of indicator. */
export const presets: Readonly<Record<PresetName, Readonly<Record<IndicatorType, Thresholds>>>> = {
  balanced,
  // In API v2, workflows compared `aggregate > 0`, which for an integer is 1 or more.
  aggregate: sameForAll({
    malicious: { count: null, percent: 5 },
    suspicious: { count: null, percent: 1 },
  }),
  strict: sameForAll(counts(1, 1)),
  conservative: sameForAll(counts(10, 5)),
};
