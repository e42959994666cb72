/** Counts of the engines' opinions, which every reputation has. */
import type { EngineResults } from '../../virustotal/answers/engine-results.ts';

/** The counts. */
export interface Opinions {
  readonly positives: number | null;
  readonly total: number | null;
  readonly aggregate: number | null;
}

/** Without a report the counts are null, because 0 would mean that no engine detects anything. */
export const noOpinions: Opinions = { positives: null, total: null, aggregate: null };

/** Returns the counts, with `aggregate = round(100 * positives / total)`, or null if no engine has an opinion. */
export function toOpinions({ positives, total }: EngineResults): Opinions {
  return {
    positives,
    total,
    aggregate: total === 0 ? null : Math.round((100 * positives) / total),
  };
}
