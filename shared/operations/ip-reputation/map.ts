/** `ip_reputation`: maps what VirusTotal knows of an IP address to the report. */

import type { IpObject } from '../../virustotal/answers/index.ts';
import {
  isDetected,
  listState,
  type RelatedList,
  toList,
  toRelatedFile,
  toRelatedUrl,
} from '../common/lists.ts';
import { IP_FOUND, IP_UNKNOWN, RUNNING } from '../common/messages.ts';
import { ipPermalink, noOpinions, toDate, toOpinions } from '../common/output-values.ts';
import type { IpReputationReport } from './output.ts';

/** The lists of related objects, which take a request each. */
export interface IpLists {
  readonly downloadedFiles: RelatedList;
  readonly referrerFiles: RelatedList;
  readonly urls: RelatedList;
}

/**
 * Maps a known address, which may have no engine results.
 *
 * @param ip - the requested address
 * @param found - VirusTotal's object
 * @param lists - its related objects, or why they are missing
 */
export function ipReputationFound(ip: string, found: IpObject, lists: IpLists): IpReputationReport {
  return {
    as_owner: found.asOwner,
    asn: found.asn,
    country: found.country,
    ...toOpinions(found.results),
    detected_downloaded_samples: toList(lists.downloadedFiles, isDetected, toRelatedFile),
    detected_referrer_samples: toList(lists.referrerFiles, isDetected, toRelatedFile),
    detected_urls: toList(lists.urls, isDetected, toRelatedUrl),
    response_code: 1,
    verbose_msg: IP_FOUND,
    resource: ip,
    permalink: ipPermalink(ip),
    scan_date: toDate(found.lastAnalysisDate),
    ...listState({
      detected_downloaded_samples: lists.downloadedFiles,
      detected_referrer_samples: lists.referrerFiles,
      detected_urls: lists.urls,
    }),
  };
}

/** Maps an address that VirusTotal does not know. */
export function ipReputationUnknown(ip: string): IpReputationReport {
  return ipWithoutReport(ip, 0, IP_UNKNOWN);
}

/** Maps an address whose report is not available yet. */
export function ipReputationRunning(ip: string): IpReputationReport {
  return ipWithoutReport(ip, -2, RUNNING);
}

/** Maps an address that must not be sent to VirusTotal; the reason is the message. */
export function ipReputationNotSent(ip: string, reason: string): IpReputationReport {
  return ipWithoutReport(ip, 0, reason);
}

function ipWithoutReport(ip: string, responseCode: 0 | -2, verboseMsg: string): IpReputationReport {
  return {
    as_owner: null,
    asn: null,
    country: null,
    ...noOpinions,
    detected_downloaded_samples: null,
    detected_referrer_samples: null,
    detected_urls: null,
    response_code: responseCode,
    verbose_msg: verboseMsg,
    resource: ip,
    permalink: null,
    scan_date: null,
    ...listState({
      detected_downloaded_samples: null,
      detected_referrer_samples: null,
      detected_urls: null,
    }),
  };
}
