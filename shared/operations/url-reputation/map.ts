/** `url_reputation`: from VirusTotal's URL or analysis to the output. */
import type { ScanId } from '../../indicators/scan-id.ts';
import type { EngineResults } from '../../virustotal/answers/engine-results.ts';
import type { AnalysisObject, UrlObject } from '../../virustotal/answers/index.ts';
import { hasReached, mayStillRun } from '../common/analysis-state.ts';
import { toDate } from '../common/dates.ts';
import { RUNNING, URL_FOUND, URL_UNKNOWN } from '../common/messages.ts';
import { noOpinions, toOpinions } from '../common/opinions.ts';
import type { UrlScan } from '../common/output-fields.ts';
import { urlPermalink } from '../common/permalinks.ts';
import type { UrlReputationReport } from './output.ts';

/** What was asked for. */
export interface AskedUrl {
  /** The URL refanged, or the scan_id. */
  readonly resource: string;
  /** The URL refanged; null when asked by scan_id. */
  readonly url: string | null;
  /** The scan_id; null when asked by URL. */
  readonly wanted: ScanId | null;
}

/** VirusTotal knows the URL. */
export function urlReputationFound(asked: AskedUrl, found: UrlObject): UrlReputationReport {
  const known = { ...asked, url: found.url ?? asked.url };
  const epoch = found.lastAnalysisDate;
  if (epoch === null || !hasReached(epoch, asked.wanted)) return running(known, found.sha256);
  return report(known, found.sha256, epoch, found.results);
}

/** The URL was asked for by an analysis id of VirusTotal's own. */
export function urlReputationFromAnalysis(
  asked: AskedUrl & { readonly wanted: ScanId },
  analysis: AnalysisObject,
): UrlReputationReport {
  const known = { ...asked, url: analysis.url ?? asked.url };
  const sha256 = analysis.urlSha256 ?? asked.wanted.sha256;
  if (!analysis.isCompleted || sha256 === null) return running(known, sha256);
  return report(known, sha256, analysis.date ?? asked.wanted.epoch, analysis.results);
}

/**
 * VirusTotal does not know the URL.
 *
 * @param asked - what was asked for
 * @param nowSeconds - epoch seconds
 */
export function urlReputationUnknown(asked: AskedUrl, nowSeconds: number): UrlReputationReport {
  if (mayStillRun(asked.wanted, nowSeconds)) return urlReputationRunning(asked);
  return { ...empty(asked), response_code: 0, verbose_msg: URL_UNKNOWN };
}

/** VirusTotal says that the report is not available yet. */
export function urlReputationRunning(asked: AskedUrl): UrlReputationReport {
  return running(asked, asked.wanted?.sha256 ?? null);
}

/**
 * The URL's host is not one to ask others about.
 *
 * @param asked - what was asked for
 * @param why - a sentence
 */
export function urlReputationNotSent(asked: AskedUrl, why: string): UrlReputationReport {
  return { ...empty(asked), response_code: 0, verbose_msg: why };
}

function report(
  asked: AskedUrl,
  sha256: string,
  epoch: number,
  results: EngineResults,
): UrlReputationReport {
  return {
    ...empty(asked),
    ...toOpinions(results),
    permalink: urlPermalink(sha256, epoch),
    scan_date: toDate(epoch),
    scan_id: `${sha256}-${epoch}`,
    scans: toUrlScans(results),
    response_code: 1,
    verbose_msg: URL_FOUND,
  };
}

function running(asked: AskedUrl, sha256: string | null): UrlReputationReport {
  const { wanted } = asked;
  const isKnown = sha256 !== null && wanted !== null;
  return {
    ...empty(asked),
    permalink: isKnown ? urlPermalink(sha256, wanted.epoch) : null,
    scan_id: isKnown ? `${sha256}-${wanted.epoch}` : null,
    response_code: -2,
    verbose_msg: RUNNING,
  };
}

function empty({
  resource,
  url,
}: AskedUrl): Omit<UrlReputationReport, 'response_code' | 'verbose_msg'> {
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

/** The predecessor's words for what VirusTotal now says shorter. */
const words: ReadonlyMap<string, string> = new Map(
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
        result: result === null ? null : (words.get(result) ?? result),
      },
    ]),
  );
}
