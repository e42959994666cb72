/** `file_reputation`: from VirusTotal's file or analysis to the output. */
import type { ScanId } from '../../indicators/scan-id.ts';
import type { EngineResults } from '../../virustotal/answers/engine-results.ts';
import type { AnalysisObject, FileObject } from '../../virustotal/answers/index.ts';
import { hasReached, mayStillRun } from '../common/analysis-state.ts';
import { toDate } from '../common/dates.ts';
import { FILE_FOUND, FILE_UNKNOWN, RUNNING } from '../common/messages.ts';
import { noOpinions, toOpinions } from '../common/opinions.ts';
import type { FileScan } from '../common/output-fields.ts';
import { filePermalink } from '../common/permalinks.ts';
import type { FileReputationReport } from './output.ts';

/**
 * VirusTotal knows the file.
 *
 * @param resource - what was asked for
 * @param file - what VirusTotal knows
 * @param wanted - the scan_id that was asked for; null when a digest was
 */
export function fileReputationFound(
  resource: string,
  file: FileObject,
  wanted: ScanId | null,
): FileReputationReport {
  const about = {
    threat_label: file.threatLabel,
    type_description: file.typeDescription,
    first_submission_date: toDate(file.firstSubmissionDate),
  };
  const epoch = file.lastAnalysisDate;
  if (epoch === null || !hasReached(epoch, wanted)) {
    return { ...running(resource, file.sha256, wanted), ...about };
  }
  return { ...report(resource, file.sha256, epoch, file.results), ...about };
}

/** The file was asked for by an analysis id of VirusTotal's own. */
export function fileReputationFromAnalysis(
  resource: string,
  analysis: AnalysisObject,
  wanted: ScanId,
): FileReputationReport {
  const { fileSha256: sha256, date } = analysis;
  if (!analysis.isCompleted) return running(resource, sha256, wanted);
  return report(resource, sha256, date ?? wanted.epoch, analysis.results);
}

/**
 * VirusTotal does not know the file.
 *
 * @param resource - what was asked for
 * @param wanted - the scan_id that was asked for; null when a digest was
 * @param nowSeconds - epoch seconds
 */
export function fileReputationUnknown(
  resource: string,
  wanted: ScanId | null,
  nowSeconds: number,
): FileReputationReport {
  if (mayStillRun(wanted, nowSeconds)) return fileReputationRunning(resource, wanted);
  return { ...empty(resource), response_code: 0, verbose_msg: FILE_UNKNOWN };
}

/** VirusTotal says that the report is not available yet. */
export function fileReputationRunning(
  resource: string,
  wanted: ScanId | null,
): FileReputationReport {
  return running(resource, wanted?.sha256 ?? null, wanted);
}

function report(
  resource: string,
  sha256: string | null,
  epoch: number,
  results: EngineResults,
): FileReputationReport {
  return {
    ...empty(resource),
    ...toOpinions(results),
    permalink: sha256 === null ? null : filePermalink(sha256, epoch),
    scan_date: toDate(epoch),
    scan_id: sha256 === null ? null : `${sha256}-${epoch}`,
    scans: toFileScans(results),
    response_code: 1,
    verbose_msg: FILE_FOUND,
  };
}

function running(
  resource: string,
  sha256: string | null,
  wanted: ScanId | null,
): FileReputationReport {
  const isKnown = sha256 !== null && wanted !== null;
  return {
    ...empty(resource),
    permalink: isKnown ? filePermalink(sha256, wanted.epoch) : null,
    scan_id: isKnown ? `${sha256}-${wanted.epoch}` : (wanted?.analysisId ?? null),
    response_code: -2,
    verbose_msg: RUNNING,
  };
}

function empty(resource: string): Omit<FileReputationReport, 'response_code' | 'verbose_msg'> {
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

/** `Object.fromEntries` makes own properties of any name, `__proto__` too. */
function toFileScans(results: EngineResults): Record<string, FileScan> {
  return Object.fromEntries(
    results.opinions.map(({ engine, category, result, version, update }) => [
      engine,
      { detected: category === 'malicious', version, result, update },
    ]),
  );
}
