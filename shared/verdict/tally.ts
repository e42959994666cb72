/** Counts what the engines say, by the rules of a policy. */
import type { EngineResult, EngineResults } from '../virustotal/answers/engine-results.ts';
import type { AppliedPolicy, Detection, Verdict } from './verdict-schema.ts';

/** Below so many opinions neither a percentage nor `clean` means anything. */
export const FEWEST_OPINIONS = 10;

/** What the engines say, those ignored left out. */
export interface Tally {
  readonly malicious: number;
  readonly suspicious: number;
  /** Engines that gave an opinion. */
  readonly total: number;
  /** `round(100 * malicious / total)`; null below {@link FEWEST_OPINIONS}. */
  readonly percentage: number | null;
  /** Engines that say malicious or suspicious. */
  readonly engines: Detection[];
  /** Trusted engines among them. */
  readonly trusted: readonly Detection[];
  /** Names of the engines with a veto that detect nothing. */
  readonly vetoing: readonly string[];
  /** There are only statistics: no rule that names engines could be applied. */
  readonly isNameless: boolean;
}

/**
 * Counts opinions.
 *
 * @param results - as VirusTotal gave them
 * @param policy - whose engines are trusted, ignored or have a veto
 */
export function tally(results: EngineResults, policy: AppliedPolicy): Tally {
  const isNameless = results.opinions.length < results.total;
  const isIgnored = namedIn(policy.ignore);
  const isTrusted = namedIn(policy.trust);
  const hasVeto = namedIn(policy.veto);
  const opinions = results.opinions.filter(({ engine }) => !isIgnored(engine));
  const engines = opinions.filter(isDetection).map(detectionOf);
  const malicious = engines.filter(({ category }) => category === 'malicious').length;
  const counted = isNameless
    ? { malicious: results.positives, suspicious: results.suspicious, total: results.total }
    : { malicious, suspicious: engines.length - malicious, total: opinions.length };
  return {
    ...counted,
    percentage: percentageOf(counted),
    engines,
    trusted: engines.filter(({ engine }) => isTrusted(engine)),
    vetoing: opinions
      .filter((opinion) => hasVeto(opinion.engine) && !isDetection(opinion))
      .map(({ engine }) => engine),
    isNameless,
  };
}

/** The counts as the verdict shows them. */
export function ratioOf({ malicious, suspicious, total, percentage }: Tally): Verdict['ratio'] {
  return { malicious, suspicious, total, percentage };
}

function percentageOf({ malicious, total }: Pick<Tally, 'malicious' | 'total'>): number | null {
  return total < FEWEST_OPINIONS ? null : Math.round((100 * malicious) / total);
}

/** An opinion that is a detection. */
type DetectingResult = EngineResult & { readonly category: Detection['category'] };

function isDetection(opinion: EngineResult): opinion is DetectingResult {
  return opinion.category === 'malicious' || opinion.category === 'suspicious';
}

function detectionOf({ engine, category, result }: DetectingResult): Detection {
  return { engine, category, label: result };
}

/** Engines are named in any case: VirusTotal has changed the case of names. */
function namedIn(names: readonly string[]): (engine: string) => boolean {
  // The usual case: no name of 90 engines need be made lower case.
  if (names.length === 0) return () => false;
  const lower = new Set(names.map((name) => name.toLowerCase()));
  return (engine) => lower.has(engine.toLowerCase());
}
