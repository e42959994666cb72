/** Decides whether the analysis that a caller polls has finished, is running or is unknown. */
import { MERGE_TOLERANCE_SECONDS, type ScanId } from '../../indicators/scan-id.ts';
import type { EngineResults } from '../../virustotal/answers/engine-results.ts';

/** How long after its submission an object may still be under analysis and unknown to lookups, seconds. */
const LONGEST_ANALYSIS_SECONDS = 24 * 60 * 60;

/**
 * Returns whether the object's last analysis is the one with this scan_id, or a later one.
 *
 * @param lastAnalysisDate - epoch seconds; null before the first analysis has finished
 * @param scanId - null accepts any analysis
 */
export function hasReached(lastAnalysisDate: number | null, scanId: ScanId | null): boolean {
  if (lastAnalysisDate === null) return false;
  return scanId === null || lastAnalysisDate >= scanId.epoch - MERGE_TOLERANCE_SECONDS;
}

/**
 * Returns whether an object that VirusTotal does not know may still be under analysis.
 *
 * @param scanId - null if the caller did not name an analysis
 * @param nowSeconds - epoch seconds
 */
export function mayStillRun(scanId: ScanId | null, nowSeconds: number): boolean {
  return scanId !== null && nowSeconds - scanId.epoch <= LONGEST_ANALYSIS_SECONDS;
}

/** The fields of a file or URL that show whether its analysis has finished. */
interface Analysed {
  /** Epoch seconds. */
  readonly lastAnalysisDate: number | null;
  readonly results: EngineResults;
}

/**
 * Returns whether an object has results of an analysis without a date. Such an object is not being analysed:
 * waiting for a date would never end.
 */
export function isUndated({ lastAnalysisDate, results }: Analysed): boolean {
  return lastAnalysisDate === null && results.total > 0;
}
