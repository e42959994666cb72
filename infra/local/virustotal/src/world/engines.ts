/** Results of the engines for a verdict, and their statistics. */
import { fileEngines, mobileEngines, siteEngines } from './engine-names.ts';
import type { Verdict } from './verdict.ts';

/** Result of an engine. Only results for files have a version and an update. */
export interface EngineResult {
  readonly method: 'blacklist';
  readonly engine_name: string;
  readonly engine_version?: string;
  /** `YYYYMMDD`. */
  readonly engine_update?: string;
  readonly category: string;
  readonly result: string | null;
}

/** Results by engine. */
export type EngineResults = Readonly<Record<string, EngineResult>>;

/** Engines for files, or for URLs, IP addresses and domains. */
export type EngineKind = 'file' | 'site';

const siteCategories = ['malicious', 'suspicious', 'undetected', 'harmless', 'timeout'];
const fileCategories = [...siteCategories, 'confirmed-timeout', 'failure', 'type-unsupported'];

/** Engines without a result: most recorded reports have some. */
const withoutResult: Readonly<Record<string, string>> = {
  CMC: 'failure',
  Zoner: 'timeout',
  Cynet: 'confirmed-timeout',
};

const eicarNames = [
  'EICAR-Test-File (not a virus)',
  'Eicar-Test-Signature',
  'EICAR.TEST.NOT-A-VIRUS',
  'Virus:DOS/EICAR_Test_File',
];
const siteThreats = ['malware', 'phishing', 'malicious'];
const malwareNames = [
  'Trojan.GenericKD.Simulated',
  'Win32:Simulated-A [Trj]',
  'Simulated.Malware!ml',
];

/**
 * Returns the results for a file.
 *
 * @param epoch - of the analysis, epoch seconds
 */
export function fileResults(verdict: Verdict, epoch: number): EngineResults {
  const update = new Date(epoch * 1000).toISOString().slice(0, 10).replaceAll('-', '');
  const results = [...fileEngines, ...mobileEngines].map((engine, index): EngineResult => {
    const category = fileCategory(engine, index, verdict);
    return {
      method: 'blacklist',
      engine_name: engine,
      engine_version: `${1 + (index % 9)}.${index % 7}.${engine.length}.0`,
      engine_update: update,
      category,
      result: fileResult(category, index, verdict),
    };
  });
  return byEngine(results);
}

function fileCategory(engine: string, index: number, verdict: Verdict): string {
  if (mobileEngines.includes(engine)) return 'type-unsupported';
  const failure = withoutResult[engine];
  if (failure) return failure;
  if (verdict === 'eicar') return index % 12 === 11 ? 'undetected' : 'malicious';
  if (verdict === 'malicious') return index % 3 === 2 ? 'undetected' : 'malicious';
  if (verdict === 'suspicious' && index % 40 < 2) return index % 40 ? 'suspicious' : 'malicious';
  return 'undetected';
}

function fileResult(category: string, index: number, verdict: Verdict): string | null {
  if (category !== 'malicious' && category !== 'suspicious') return null;
  const names = verdict === 'eicar' ? eicarNames : malwareNames;
  return names[index % names.length] ?? null;
}

/** Returns the results for a URL, an IP address or a domain. */
export function siteResults(verdict: Verdict): EngineResults {
  const results = siteEngines.map((engine, index): EngineResult => {
    const [category, result] = siteResult(index, verdict);
    return { method: 'blacklist', engine_name: engine, category, result };
  });
  return byEngine(results);
}

function siteResult(index: number, verdict: Verdict): readonly [string, string] {
  if (verdict === 'malicious' || verdict === 'eicar') {
    if (index % 6 === 0) return ['malicious', siteThreats[(index / 6) % 3] ?? 'malicious'];
    if (index === 1) return ['suspicious', 'suspicious'];
  }
  if (verdict === 'suspicious' && index % 60 < 2) {
    return index % 60 ? ['suspicious', 'suspicious'] : ['malicious', 'malicious'];
  }
  return index % 3 ? ['harmless', 'clean'] : ['undetected', 'unrated'];
}

/** Counts results by category, including empty categories. */
export function statsOf(results: EngineResults, kind: EngineKind): Record<string, number> {
  const categories = kind === 'file' ? fileCategories : siteCategories;
  const stats = Object.fromEntries(categories.map((category) => [category, 0]));
  for (const { category } of Object.values(results)) stats[category] = (stats[category] ?? 0) + 1;
  return stats;
}

function byEngine(results: readonly EngineResult[]): EngineResults {
  return Object.fromEntries(results.map((result) => [result.engine_name, result]));
}
