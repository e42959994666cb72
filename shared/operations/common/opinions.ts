/** The count of the engines' opinions, as every reputation carries it. */
import type { EngineResults } from '../../virustotal/answers/engine-results.ts';

/** The counted fields. */
export interface Opinions {
  readonly positives: number | null;
  readonly total: number | null;
  readonly aggregate: number | null;
}

/** There is no report: nothing is known, which is not the same as nothing found. */
export const noOpinions: Opinions = { positives: null, total: null, aggregate: null };

/** Counts: `aggregate = round(100 * positives / total)`, null when nobody gave an opinion. */
export function toOpinions({ positives, total }: EngineResults): Opinions {
  return {
    positives,
    total,
    aggregate: total === 0 ? null : Math.round((100 * positives) / total),
  };
}
