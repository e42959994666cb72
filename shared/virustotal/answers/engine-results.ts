/** Reads the engines' results from `last_analysis_results`, in one pass. */

/** One engine's opinion. */
export interface EngineResult {
  readonly engine: string;
  /** harmless, undetected, suspicious, malicious, timeout, confirmed-timeout, failure, type-unsupported. */
  readonly category: string;
  readonly result: string | null;
  readonly version: string | null;
  /** Date of the engine's signatures, `YYYYMMDD`; null if it is missing or not a date. */
  readonly update: string | null;
}

/** The engines' opinions and their counts. */
export interface EngineResults {
  /** Results that are an opinion. */
  readonly opinions: readonly EngineResult[];
  /** Number of engines with category malicious. */
  readonly positives: number;
  /** Number of engines with category suspicious. */
  readonly suspicious: number;
  /** Number of engines that gave an opinion. */
  readonly total: number;
}

/** No results. */
export const noResults: EngineResults = { opinions: [], positives: 0, suspicious: 0, total: 0 };

/** Categories that are not an opinion. */
const withoutOpinion: ReadonlySet<string> = new Set([
  'type-unsupported',
  'timeout',
  'confirmed-timeout',
  'failure',
]);

/**
 * Reads the engines' results.
 *
 * Counts the results themselves, because `last_analysis_stats` may be off by one; uses the statistics only if
 * an answer has no results.
 *
 * @param results - `last_analysis_results`, not validated
 * @param stats - `last_analysis_stats`, not validated
 */
export function engineResults(results: unknown, stats: unknown): EngineResults {
  const opinions: EngineResult[] = [];
  // Ninety engines have three or four dates.
  const days = new Map<unknown, string | null>();
  let isEmpty = true;
  let positives = 0;
  let suspicious = 0;
  for (const [engine, entry] of entriesOf(results)) {
    if (!isRecord(entry)) continue;
    const category = textOf(entry.category);
    if (category === null) continue;
    isEmpty = false;
    if (withoutOpinion.has(category)) continue;
    if (category === 'malicious') positives += 1;
    if (category === 'suspicious') suspicious += 1;
    opinions.push({
      engine,
      category,
      result: textOf(entry.result),
      version: textOf(entry.engine_version),
      update: knownDay(days, entry.engine_update),
    });
  }
  return isEmpty ? fromStats(stats) : { opinions, positives, suspicious, total: opinions.length };
}

function fromStats(stats: unknown): EngineResults {
  let positives = 0;
  let suspicious = 0;
  let total = 0;
  for (const [category, count] of entriesOf(stats)) {
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) continue;
    if (category === 'malicious') positives += count;
    if (category === 'suspicious') suspicious += count;
    if (!withoutOpinion.has(category)) total += count;
  }
  return { opinions: [], positives, suspicious, total };
}

function entriesOf(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a non-empty text, or null. */
function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** `20260101`, `2026-01-01`, and either with a time of day after it. */
const DAY = /^(\d{4})(-?)(\d{2})\2(\d{2})(?:\d{6}|[T ].*)?$/;

function knownDay(days: Map<unknown, string | null>, value: unknown): string | null {
  const known = days.get(value);
  if (known !== undefined) return known;
  const day = dayOf(value);
  days.set(value, day);
  return day;
}

/** Returns a date as `YYYYMMDD`, or null: engines also give `None`, dashes, and a time of day. */
function dayOf(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const [, year, , month, day] = DAY.exec(String(value)) ?? [];
  if (year === undefined) return null;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  const isReal = !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day);
  return isReal ? `${year}${month}${day}` : null;
}
