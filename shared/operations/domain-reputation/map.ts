/** `domain_reputation`: from VirusTotal's domain and its lists to the output. */

import type { DomainObject, RelatedNames } from '../../virustotal/answers/index.ts';
import { toDate } from '../common/dates.ts';
import {
  isDetected,
  isUndetected,
  type RelatedList,
  stateOf,
  toList,
  toRelatedFile,
  toRelatedUrl,
} from '../common/lists.ts';
import { DOMAIN_FOUND, DOMAIN_UNKNOWN, RUNNING } from '../common/messages.ts';
import { noOpinions, toOpinions } from '../common/opinions.ts';
import { domainPermalink } from '../common/permalinks.ts';
import type { DomainReputationReport } from './output.ts';

/** The lists of a domain that cost a call each. */
export interface DomainLists {
  readonly downloadedFiles: RelatedList;
  readonly urls: RelatedList;
}

/**
 * VirusTotal knows the domain; without results it is known all the same.
 *
 * @param domain - the domain that was asked for
 * @param found - what VirusTotal knows, siblings and subdomains inline
 * @param lists - its related objects, or why there are none
 */
export function domainReputation(
  domain: string,
  found: DomainObject,
  lists: DomainLists,
): DomainReputationReport {
  return {
    categories: found.categories && [...new Set(found.categories)],
    domain_siblings: namesOf(found.siblings),
    ...toOpinions(found.results),
    detected_downloaded_samples: toList(lists.downloadedFiles, isDetected, toRelatedFile),
    undetected_downloaded_samples: toList(lists.downloadedFiles, isUndetected, toRelatedFile),
    detected_urls: toList(lists.urls, isDetected, toRelatedUrl),
    subdomains: namesOf(found.subdomains),
    whois: found.whois,
    whois_timestamp: found.whoisDate,
    response_code: 1,
    verbose_msg: DOMAIN_FOUND,
    resource: domain,
    permalink: domainPermalink(domain),
    scan_date: toDate(found.lastAnalysisDate),
    ...stateOf({
      categories: found.categories,
      domain_siblings: found.siblings,
      detected_downloaded_samples: lists.downloadedFiles,
      undetected_downloaded_samples: lists.downloadedFiles,
      detected_urls: lists.urls,
      subdomains: found.subdomains,
    }),
  };
}

/** VirusTotal does not know the domain. */
export function domainReputationUnknown(domain: string): DomainReputationReport {
  return withoutReport(domain, 0, DOMAIN_UNKNOWN);
}

/** VirusTotal says that the report is not available yet. */
export function domainReputationRunning(domain: string): DomainReputationReport {
  return withoutReport(domain, -2, RUNNING);
}

/**
 * The domain is not one to ask others about.
 *
 * @param domain - the domain that was asked for
 * @param why - a sentence
 */
export function domainReputationNotSent(domain: string, why: string): DomainReputationReport {
  return withoutReport(domain, 0, why);
}

function namesOf(related: RelatedNames | null): string[] | null {
  return related && [...related.names];
}

const noLists = {
  categories: null,
  domain_siblings: null,
  detected_downloaded_samples: null,
  undetected_downloaded_samples: null,
  detected_urls: null,
  subdomains: null,
} as const;

function withoutReport(
  domain: string,
  responseCode: 0 | -2,
  verboseMsg: string,
): DomainReputationReport {
  return {
    ...noLists,
    ...noOpinions,
    whois: null,
    whois_timestamp: null,
    response_code: responseCode,
    verbose_msg: verboseMsg,
    resource: domain,
    permalink: null,
    scan_date: null,
    ...stateOf(noLists),
  };
}
