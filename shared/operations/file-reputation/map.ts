/** `file_reputation`: maps what VirusTotal knows of a file or an analysis to the report. */
import type { ScanId } from '../../indicators/scan-id.ts';
import type { EngineResults } from '../../virustotal/answers/engine-results.ts';
import type { AnalysisObject, FileObject } from '../../virustotal/answers/index.ts';
import { hasReached, isUndated, mayStillRun } from '../common/analysis-state.ts';
import { FILE_FOUND, FILE_UNKNOWN, RUNNING } from '../common/messages.ts';
import type { FileScan } from '../common/output-fields.ts';
import { filePermalink, noOpinions, toDate, toOpinions } from '../common/output-values.ts';
import type { FileReputationReport } from './output.ts';

/** What the caller asked for: a digest, or an analysis. */
export interface FileQuery {
  /** The digest or scan_id as the caller wrote it. */
  readonly resource: string;
  /** The parsed scan_id; null if the caller passed a digest. */
  readonly scanId: ScanId | null;
}

/** Maps a file that VirusTotal knows; its last analysis may be older than the requested one. */
export function fileReputationFound(query: FileQuery, file: FileObject): FileReputationReport {
  const properties = {
    threat_label: file.threatLabel,
    type_description: file.typeDescription,
    first_submission_date: toDate(file.firstSubmissionDate),
  };
  const epoch = file.lastAnalysisDate;
  if (isUndated(file)) return { ...withResults(query, file.results), ...properties };
  if (epoch === null || !hasReached(epoch, query.scanId)) {
    return { ...running(query, file.sha256), ...properties };
  }
  return { ...finished(query, file.sha256, epoch, file.results), ...properties };
}

/** Maps an analysis, which was requested by an id in the v3 form. */
export function fileReputationFromAnalysis(
  query: FileQuery & { readonly scanId: ScanId },
  { isCompleted, fileSha256, date, results }: AnalysisObject,
): FileReputationReport {
  return isCompleted
    ? finished(query, fileSha256, date ?? query.scanId.epoch, results)
    : running(query, fileSha256);
}

/**
 * Maps a file that VirusTotal does not know: shortly after its submission it may still be under analysis.
 *
 * @param query - what the caller asked for
 * @param nowSeconds - epoch seconds
 */
export function fileReputationUnknown(query: FileQuery, nowSeconds: number): FileReputationReport {
  if (mayStillRun(query.scanId, nowSeconds)) return fileReputationRunning(query);
  return { ...withoutResults(query), response_code: 0, verbose_msg: FILE_UNKNOWN };
}

/** Maps a file about which VirusTotal was not asked; the reason is the message. */
export function fileReputationNotSent(query: FileQuery, reason: string): FileReputationReport {
  return { ...withoutResults(query), response_code: 0, verbose_msg: reason };
}

/** Maps a file whose report is not available yet. */
export function fileReputationRunning(query: FileQuery): FileReputationReport {
  return running(query, query.scanId?.sha256 ?? null);
}

function finished(
  query: FileQuery,
  sha256: string | null,
  epoch: number,
  results: EngineResults,
): FileReputationReport {
  return {
    ...withResults(query, results),
    permalink: sha256 === null ? null : filePermalink(sha256, epoch),
    scan_date: toDate(epoch),
    scan_id: sha256 === null ? null : `${sha256}-${epoch}`,
  };
}

function withResults(query: FileQuery, results: EngineResults): FileReputationReport {
  return {
    ...withoutResults(query),
    ...toOpinions(results),
    scans: toFileScans(results),
    response_code: 1,
    verbose_msg: FILE_FOUND,
  };
}

function running(query: FileQuery, sha256: string | null): FileReputationReport {
  const { scanId } = query;
  const isKnown = sha256 !== null && scanId !== null;
  return {
    ...withoutResults(query),
    permalink: isKnown ? filePermalink(sha256, scanId.epoch) : null,
    scan_id: isKnown ? `${sha256}-${scanId.epoch}` : (scanId?.analysisId ?? null),
    response_code: -2,
    verbose_msg: RUNNING,
  };
}

function withoutResults({
  resource,
}: FileQuery): Omit<FileReputationReport, 'response_code' | 'verbose_msg'> {
  return {
    permalink: null,
    ...noOpinions,
    resource,
    scan_date: null,
    scan_id: null,
    scans: {},
    threat_label: null,
    type_description: null,
    first_submission_date: null,
  };
}

/** `Object.fromEntries` makes every engine's name an own property, even `__proto__`. */
function toFileScans(results: EngineResults): Record<string, FileScan> {
  return Object.fromEntries(
    results.opinions.map(({ engine, category, result, version, update }) => [
      engine,
      { detected: category === 'malicious', version, result, update },
    ]),
  );
}
