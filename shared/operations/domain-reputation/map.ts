/** `domain_reputation`: maps what VirusTotal knows of a domain to the report. */

import type { DomainObject, RelatedNames } from '../../virustotal/answers/index.ts';
import {
  isDetected,
  isUndetected,
  listState,
  type RelatedList,
  toList,
  toRelatedFile,
  toRelatedUrl,
} from '../common/lists.ts';
import { DOMAIN_FOUND, DOMAIN_UNKNOWN, RUNNING } from '../common/messages.ts';
import { domainPermalink, noOpinions, toDate, toOpinions } from '../common/output-values.ts';
import type { DomainReputationReport } from './output.ts';

/** The lists of related objects that take a request each. */
export interface DomainLists {
  readonly downloadedFiles: RelatedList;
  readonly urls: RelatedList;
}

/**
 * Maps a known domain, which may have no engine results.
 *
 * @param domain - the requested domain
 * @param found - VirusTotal's object, which includes siblings and subdomains
 * @param lists - its other related objects, or why they are missing
 */
export function domainReputationFound(
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
    ...listState({
      categories: found.categories,
      domain_siblings: found.siblings,
      detected_downloaded_samples: lists.downloadedFiles,
      undetected_downloaded_samples: lists.downloadedFiles,
      detected_urls: lists.urls,
      subdomains: found.subdomains,
    }),
  };
}

/** Maps a domain that VirusTotal does not know. */
export function domainReputationUnknown(domain: string): DomainReputationReport {
  return domainWithoutReport(domain, 0, DOMAIN_UNKNOWN);
}

/** Maps a domain whose report is not available yet. */
export function domainReputationRunning(domain: string): DomainReputationReport {
  return domainWithoutReport(domain, -2, RUNNING);
}

/** Maps a domain that must not be sent to VirusTotal; the reason is the message. */
export function domainReputationNotSent(domain: string, reason: string): DomainReputationReport {
  return domainWithoutReport(domain, 0, reason);
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

function domainWithoutReport(
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
    ...listState(noLists),
  };
}
