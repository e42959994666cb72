/** `submit_sample`: maps digests and VirusTotal's answer to the output. */
import { analysisEpoch, toScanId } from '../../indicators/scan-id.ts';
import type { FileObject } from '../../virustotal/answers/index.ts';
import { isUndated } from '../common/analysis-state.ts';
import { FILE_FOUND, FILE_UNKNOWN, QUEUED, RUNNING } from '../common/messages.ts';
import { filePermalink } from '../common/output-values.ts';
import type { SubmitFileAcceptedOutput } from './accepted-output.ts';
import type { SubmitFileOutput } from './output.ts';

/** Digests of the file, lower-case hexadecimal. */
export interface FileDigests {
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
}

/**
 * Maps a queued analysis.
 *
 * @param digests - computed from the bytes read
 * @param analysisId - as VirusTotal returned it
 */
export function submitFileQueued(
  digests: FileDigests,
  analysisId: string | number,
): SubmitFileOutput {
  const epoch = analysisEpoch(analysisId);
  return {
    ...digests,
    resource: digests.sha256,
    response_code: 1,
    verbose_msg: QUEUED,
    permalink: epoch === null ? null : filePermalink(digests.sha256, epoch),
    scan_id: toScanId(analysisId, digests.sha256),
    repeated: false,
  };
}

/**
 * Maps a file that was not sent because VirusTotal has a report, or its first analysis is running.
 *
 * @param digests - computed from the bytes read
 * @param file - what VirusTotal knows
 * @param remark - what the caller should know about the report, in words. @default nothing
 */
export function submitFileKnown(
  digests: FileDigests,
  file: FileObject,
  remark?: string,
): SubmitFileOutput {
  const { lastAnalysisDate: analysed, lastSubmissionDate: submitted } = file;
  const isFinished = analysed !== null || isUndated(file);
  const epoch = isFinished ? analysed : submitted;
  return {
    ...digests,
    resource: digests.sha256,
    response_code: isFinished ? 1 : -2,
    verbose_msg: [isFinished ? FILE_FOUND : RUNNING, remark].filter(Boolean).join('; '),
    permalink: epoch === null ? null : filePermalink(digests.sha256, epoch),
    scan_id: epoch === null ? null : `${digests.sha256}-${epoch}`,
    repeated: false,
  };
}

/** Maps a file that was not sent, and whose report is not available yet. */
export function submitFileRunning(digests: FileDigests): SubmitFileOutput {
  return { ...withoutAnalysis(digests), response_code: -2, verbose_msg: RUNNING };
}

/** Maps a file that was not sent, and that VirusTotal does not know. */
export function submitFileUnknown(digests: FileDigests): SubmitFileOutput {
  return { ...withoutAnalysis(digests), response_code: 0, verbose_msg: FILE_UNKNOWN };
}

/**
 * Maps a submission over HTTP that goes on after the response.
 *
 * @param id - id of the submission
 */
export function submitFileAccepted(id: string): SubmitFileAcceptedOutput {
  return {
    resource: null,
    response_code: -2,
    verbose_msg: `The file is too large to be sent within one HTTP call; it is being submitted now. Poll GET /submissions/${id} for the result`,
    permalink: null,
    md5: null,
    sha1: null,
    sha256: null,
    scan_id: null,
    repeated: false as const,
    submission_id: id,
  };
}

function withoutAnalysis(digests: FileDigests) {
  return { ...digests, resource: digests.sha256, permalink: null, scan_id: null, repeated: false };
}
