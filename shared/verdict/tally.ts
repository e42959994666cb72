/** Counts the engines' opinions by the rules of a policy. */
import type { EngineResult, EngineResults } from '../virustotal/answers/engine-results.ts';
import type { AppliedPolicy, Detection, Verdict } from './verdict-schema.ts';

/** With fewer opinions, neither a percentage nor `clean` is meaningful. */
export const FEWEST_OPINIONS = 10;

/** The engines' opinions, without ignored engines. */
export interface Tally {
  readonly malicious: number;
  readonly suspicious: number;
  /** Engines with an opinion. */
  readonly total: number;
  /** `round(100 * malicious / total)`; null below {@link FEWEST_OPINIONS}. */
  readonly percentage: number | null;
  /** Engines that say malicious or suspicious. */
  readonly engines: Detection[];
  /** Those of them that the policy trusts. */
  readonly trusted: readonly Detection[];
  /** Names of engines with a veto that detect nothing. */
  readonly vetoing: readonly string[];
  /** The report has only statistics, so rules that name engines could not be applied. */
  readonly isNameless: boolean;
}

/**
 * Counts opinions.
 *
 * @param results - VirusTotal's results
 * @param policy - names engines to trust, to ignore or with a veto
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

/** Returns the counts for the verdict. */
export function ratioOf({ malicious, suspicious, total, percentage }: Tally): Verdict['ratio'] {
  return { malicious, suspicious, total, percentage };
}

function percentageOf({ malicious, total }: Pick<Tally, 'malicious' | 'total'>): number | null {
  return total < FEWEST_OPINIONS ? null : Math.round((100 * malicious) / total);
}

/** An opinion of malicious or suspicious. */
type DetectingResult = EngineResult & { readonly category: Detection['category'] };

function isDetection(opinion: EngineResult): opinion is DetectingResult {
  return opinion.category === 'malicious' || opinion.category === 'suspicious';
}

function detectionOf({ engine, category, result }: DetectingResult): Detection {
  return { engine, category, label: result };
}

/** Ignores case, because VirusTotal has changed the case of engine names. */
function namedIn(names: readonly string[]): (engine: string) => boolean {
  // Usually there is no name, and lower-casing 90 engine names can be skipped.
  if (names.length === 0) return () => false;
  const lower = new Set(names.map((name) => name.toLowerCase()));
  return (engine) => lower.has(engine.toLowerCase());
}
