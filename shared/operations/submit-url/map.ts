/** `submit_url`: from VirusTotal's answer to the output. */
import { epochOf, toScanId, urlSha256Of } from '../../indicators/scan-id.ts';
import { toDate } from '../common/dates.ts';
import { QUEUED } from '../common/messages.ts';
import { urlPermalink } from '../common/permalinks.ts';
import type { SubmitUrlOutput } from './output.ts';

/**
 * A scan was queued.
 *
 * @param url - in canonical form as far as it is known
 * @param analysisId - as VirusTotal gave it
 */
export function submitUrlQueued(url: string, analysisId: string | number): SubmitUrlOutput {
  const epoch = epochOf(analysisId);
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
  };
}

/**
 * The URL's host is not one to tell others about.
 *
 * @param url - refanged
 * @param why - a sentence
 */
export function submitUrlNotSent(url: string, why: string): SubmitUrlOutput {
  return {
    resource: url,
    url,
    response_code: 0,
    verbose_msg: why,
    permalink: null,
    scan_date: null,
    scan_id: null,
  };
}
