/** `submit_sample`: from digests and VirusTotal's answer to the output. */
import { epochOf, toScanId } from '../../indicators/scan-id.ts';
import type { FileObject } from '../../virustotal/answers/index.ts';
import { FILE_FOUND, FILE_UNKNOWN, QUEUED, RUNNING } from '../common/messages.ts';
import { filePermalink } from '../common/permalinks.ts';
import type { SubmitFileOutput } from './output.ts';

/** Digests of the file, lower-case hexadecimal. */
export interface FileDigests {
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
}

/**
 * An analysis was queued.
 *
 * @param digests - computed from the bytes read
 * @param analysisId - as VirusTotal gave it
 */
export function submitFileQueued(
  digests: FileDigests,
  analysisId: string | number,
): SubmitFileOutput {
  const epoch = epochOf(analysisId);
  return {
    ...digests,
    resource: digests.sha256,
    response_code: 1,
    verbose_msg: QUEUED,
    permalink: epoch === null ? null : filePermalink(digests.sha256, epoch),
    scan_id: toScanId(analysisId, digests.sha256),
  };
}

/** Nothing was sent: VirusTotal has a report, or an analysis of a first submission runs. */
export function submitFileKnown(digests: FileDigests, file: FileObject): SubmitFileOutput {
  const { lastAnalysisDate: analysed, lastSubmissionDate: submitted } = file;
  const epoch = analysed ?? submitted;
  return {
    ...digests,
    resource: digests.sha256,
    response_code: analysed === null ? -2 : 1,
    verbose_msg: analysed === null ? RUNNING : FILE_FOUND,
    permalink: epoch === null ? null : filePermalink(digests.sha256, epoch),
    scan_id: epoch === null ? null : `${digests.sha256}-${epoch}`,
  };
}

/** Nothing was sent: VirusTotal says that the report is not available yet. */
export function submitFileRunning(digests: FileDigests): SubmitFileOutput {
  return { ...nothingKnown(digests), response_code: -2, verbose_msg: RUNNING };
}

/** Nothing was sent, and VirusTotal does not know the file. */
export function submitFileUnknown(digests: FileDigests): SubmitFileOutput {
  return { ...nothingKnown(digests), response_code: 0, verbose_msg: FILE_UNKNOWN };
}

function nothingKnown(digests: FileDigests) {
  return { ...digests, resource: digests.sha256, permalink: null, scan_id: null };
}
