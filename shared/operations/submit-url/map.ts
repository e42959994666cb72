/** `submit_url`: maps VirusTotal's answer to the output. */
import { analysisEpoch, toScanId, urlSha256Of } from '../../indicators/scan-id.ts';
import { QUEUED } from '../common/messages.ts';
import { toDate, urlPermalink } from '../common/output-values.ts';
import type { SubmitUrlOutput } from './output.ts';

/**
 * Maps a queued scan.
 *
 * @param url - in canonical form, as far as it is known
 * @param analysisId - as VirusTotal returned it
 */
export function submitUrlQueued(url: string, analysisId: string | number): SubmitUrlOutput {
  const epoch = analysisEpoch(analysisId);
  const sha256 = urlSha256Of(analysisId);
  const isKnown = epoch !== null && sha256 !== null;
  return {
    resource: url,
    url,
    response_code: 1,
    verbose_msg: QUEUED,
    permalink: isKnown ? urlPermalink(sha256, epoch) : null,
    scan_date: toDate(epoch),
    scan_id: isKnown ? toScanId(analysisId, sha256) : String(analysisId),
    repeated: false,
  };
}

/** Maps a refanged URL that must not be sent to VirusTotal; the reason is the message. */
export function submitUrlNotSent(url: string, reason: string): SubmitUrlOutput {
  return {
    resource: url,
    url,
    response_code: 0,
    verbose_msg: reason,
    permalink: null,
    scan_date: null,
    scan_id: null,
    repeated: false,
  };
}
