/** `ip_reputation`: from VirusTotal's address and its lists to the output. */

import type { IpObject } from '../../virustotal/answers/index.ts';
import { toDate } from '../common/dates.ts';
import {
  isDetected,
  type RelatedList,
  stateOf,
  toList,
  toRelatedFile,
  toRelatedUrl,
} from '../common/lists.ts';
import { IP_FOUND, IP_UNKNOWN, RUNNING } from '../common/messages.ts';
import { noOpinions, toOpinions } from '../common/opinions.ts';
import { ipPermalink } from '../common/permalinks.ts';
import type { IpReputationReport } from './output.ts';

/** The lists of an address. */
export interface IpLists {
  readonly downloadedFiles: RelatedList;
  readonly referrerFiles: RelatedList;
  readonly urls: RelatedList;
}

/**
 * VirusTotal knows the address; without results it is known all the same.
 *
 * @param ip - the address that was asked for
 * @param found - what VirusTotal knows
 * @param lists - its related objects, or why there are none
 */
export function ipReputation(ip: string, found: IpObject, lists: IpLists): IpReputationReport {
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
    ...stateOf({
      detected_downloaded_samples: lists.downloadedFiles,
      detected_referrer_samples: lists.referrerFiles,
      detected_urls: lists.urls,
    }),
  };
}

/** VirusTotal does not know the address. */
export function ipReputationUnknown(ip: string): IpReputationReport {
  return withoutReport(ip, 0, IP_UNKNOWN);
}

/** VirusTotal says that the report is not available yet. */
export function ipReputationRunning(ip: string): IpReputationReport {
  return withoutReport(ip, -2, RUNNING);
}

/**
 * The address is not one to ask others about.
 *
 * @param ip - the address that was asked for
 * @param why - a sentence
 */
export function ipReputationNotSent(ip: string, why: string): IpReputationReport {
  return withoutReport(ip, 0, why);
}

function withoutReport(ip: string, responseCode: 0 | -2, verboseMsg: string): IpReputationReport {
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
    ...stateOf({
      detected_downloaded_samples: null,
      detected_referrer_samples: null,
      detected_urls: null,
    }),
  };
}
