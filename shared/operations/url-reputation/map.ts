/** `url_reputation`: maps what VirusTotal knows of a URL or an analysis to the report. */
import type { ScanId } from '../../indicators/scan-id.ts';
import type { EngineResults } from '../../virustotal/answers/engine-results.ts';
import type { AnalysisObject, UrlObject } from '../../virustotal/answers/index.ts';
import { hasReached, isUndated, mayStillRun } from '../common/analysis-state.ts';
import { RUNNING, URL_FOUND, URL_UNKNOWN } from '../common/messages.ts';
import type { UrlScan } from '../common/output-fields.ts';
import { noOpinions, toDate, toOpinions, urlPermalink } from '../common/output-values.ts';
import type { UrlReputationReport } from './output.ts';

/** What the caller asked for: a URL, or an analysis. */
export interface UrlQuery {
  /** The refanged URL, or the scan_id as the caller wrote it. */
  readonly resource: string;
  /** The refanged URL; null if the caller passed a scan_id. */
  readonly url: string | null;
  /** The parsed scan_id; null if the caller passed a URL. */
  readonly scanId: ScanId | null;
}

/** Maps a URL that VirusTotal knows; its last analysis may be older than the requested one. */
export function urlReputationFound(query: UrlQuery, found: UrlObject): UrlReputationReport {
  const canonical = { ...query, url: found.url ?? query.url };
  const epoch = found.lastAnalysisDate;
  if (isUndated(found)) return withResults(canonical, found.results);
  if (epoch === null || !hasReached(epoch, query.scanId)) return running(canonical, found.sha256);
  return finished(canonical, found.sha256, epoch, found.results);
}

/** Maps an analysis, which was requested by an id in the v3 form. */
export function urlReputationFromAnalysis(
  query: UrlQuery & { readonly scanId: ScanId },
  analysis: AnalysisObject,
): UrlReputationReport {
  const canonical = { ...query, url: analysis.url ?? query.url };
  const sha256 = analysis.urlSha256 ?? query.scanId.sha256;
  if (!analysis.isCompleted || sha256 === null) return running(canonical, sha256);
  return finished(canonical, sha256, analysis.date ?? query.scanId.epoch, analysis.results);
}

/**
 * Maps a URL that VirusTotal does not know: shortly after its submission it may still be under analysis.
 *
 * @param query - what the caller asked for
 * @param nowSeconds - epoch seconds
 */
export function urlReputationUnknown(query: UrlQuery, nowSeconds: number): UrlReputationReport {
  if (mayStillRun(query.scanId, nowSeconds)) return urlReputationRunning(query);
  return { ...withoutResults(query), response_code: 0, verbose_msg: URL_UNKNOWN };
}

/** Maps a URL whose report is not available yet. */
export function urlReputationRunning(query: UrlQuery): UrlReputationReport {
  return running(query, query.scanId?.sha256 ?? null);
}

/** Maps a URL about which VirusTotal was not asked; the reason is the message. */
export function urlReputationNotSent(query: UrlQuery, reason: string): UrlReputationReport {
  return { ...withoutResults(query), response_code: 0, verbose_msg: reason };
}

function finished(
  query: UrlQuery,
  sha256: string,
  epoch: number,
  results: EngineResults,
): UrlReputationReport {
  return {
    ...withResults(query, results),
    permalink: urlPermalink(sha256, epoch),
    scan_date: toDate(epoch),
    scan_id: `${sha256}-${epoch}`,
  };
}

function withResults(query: UrlQuery, results: EngineResults): UrlReputationReport {
  return {
    ...withoutResults(query),
    ...toOpinions(results),
    scans: toUrlScans(results),
    response_code: 1,
    verbose_msg: URL_FOUND,
  };
}

function running(query: UrlQuery, sha256: string | null): UrlReputationReport {
  const { scanId } = query;
  const isKnown = sha256 !== null && scanId !== null;
  return {
    ...withoutResults(query),
    permalink: isKnown ? urlPermalink(sha256, scanId.epoch) : null,
    scan_id: isKnown ? `${sha256}-${scanId.epoch}` : null,
    response_code: -2,
    verbose_msg: RUNNING,
  };
}

function withoutResults({
  resource,
  url,
}: UrlQuery): Omit<UrlReputationReport, 'response_code' | 'verbose_msg'> {
  return {
    permalink: null,
    ...noOpinions,
    resource,
    url,
    scan_date: null,
    scan_id: null,
    scans: {},
  };
}

/** The results of API v3, in the longer words of API v2. */
const v2Results: ReadonlyMap<string, string> = new Map(
  ['clean', 'unrated', 'malware', 'phishing', 'malicious', 'suspicious'].map((word) => [
    word,
    `${word} site`,
  ]),
);

function toUrlScans(results: EngineResults): Record<string, UrlScan> {
  return Object.fromEntries(
    results.opinions.map(({ engine, category, result }) => [
      engine,
      {
        detected: category === 'malicious',
        result: result === null ? null : (v2Results.get(result) ?? result),
      },
    ]),
  );
}
