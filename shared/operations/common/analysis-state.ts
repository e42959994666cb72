/** Whether the analysis that a caller polls is done, running or forgotten. */
import type { ScanId } from '../../indicators/scan-id.ts';

/** VirusTotal merges a resubmission into a running or recent analysis, seconds. */
const MERGE_TOLERANCE_SECONDS = 60;

/** How long an object that VirusTotal does not show may still be under analysis, seconds. */
const LONGEST_ANALYSIS_SECONDS = 24 * 60 * 60;

/**
 * Whether a report holds the analysis that was asked for.
 *
 * @param lastAnalysisDate - of the object, epoch seconds; null while it has none
 * @param wanted - the scan_id that was asked for; null when the object itself was
 */
export function hasReached(lastAnalysisDate: number | null, wanted: ScanId | null): boolean {
  if (lastAnalysisDate === null) return false;
  return wanted === null || lastAnalysisDate >= wanted.epoch - MERGE_TOLERANCE_SECONDS;
}

/**
 * Whether an object that VirusTotal does not know may still be under analysis.
 *
 * @param wanted - the scan_id that was asked for, if any
 * @param nowSeconds - epoch seconds
 */
export function mayStillRun(wanted: ScanId | null, nowSeconds: number): boolean {
  return wanted !== null && nowSeconds - wanted.epoch <= LONGEST_ANALYSIS_SECONDS;
}
