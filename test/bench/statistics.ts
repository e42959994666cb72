/** Medians and spread. */

/** What is reported of a series. */
export interface Summary {
  readonly median: number;
  /** First and third quartile. */
  readonly quartiles: readonly [number, number];
  readonly n: number;
}

/** Value below which a share of the series lies; `share` from 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** Summary of a series. */
export function summarise(values: readonly number[]): Summary {
  return {
    median: quantile(values, 0.5),
    quartiles: [quantile(values, 0.25), quantile(values, 0.75)],
    n: values.length,
  };
}

/** The ratio of two series that were measured in the same rounds: each round is a pair. */
export function ratioOf(values: readonly number[], baseline: readonly number[]): Summary {
  return summarise(values.map((value, round) => value / (baseline[round] ?? Number.NaN)));
}

/** For example `2.31 (2.20 to 2.44)`; a dash if there is nothing to compare with. */
export function inWords({ median, quartiles }: Summary, digits = 2): string {
  if (Number.isNaN(median)) return '-';
  return `${median.toFixed(digits)} (${quartiles.map((q) => q.toFixed(digits)).join(' to ')})`;
}
