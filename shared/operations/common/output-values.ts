/** Values of output fields that several operations compute: dates, counts and permalinks. */
import type { EngineResults } from '../../virustotal/answers/engine-results.ts';

/**
 * Returns an epoch as `YYYY-MM-DD HH:MM:SS` in UTC.
 *
 * @param epoch - epoch seconds up to the year 9999, or null when unknown
 */
export function toDate(epoch: number | null): string | null {
  return epoch === null
    ? null
    : new Date(epoch * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** The counts. */
export interface Opinions {
  readonly positives: number | null;
  readonly total: number | null;
  readonly aggregate: number | null;
}

/** Without a report the counts are null, because 0 would mean that no engine detects anything. */
export const noOpinions: Opinions = { positives: null, total: null, aggregate: null };

/** Returns the counts, with `aggregate = round(100 * positives / total)`, or null if no engine has an opinion. */
export function toOpinions({ positives, total }: EngineResults): Opinions {
  return {
    positives,
    total,
    aggregate: total === 0 ? null : Math.round((100 * positives) / total),
  };
}

/** VirusTotal's web interface; the API does not return addresses in it. */
const GUI = 'https://www.virustotal.com/gui';

/** Returns the address of a file's analysis. */
export function filePermalink(sha256: string, epoch: number): string {
  return `${GUI}/file/${sha256}/detection/f-${sha256}-${epoch}`;
}

/** Returns the address of a URL's analysis; `sha256` is that of the canonical URL. */
export function urlPermalink(sha256: string, epoch: number): string {
  return `${GUI}/url/${sha256}/detection/u-${sha256}-${epoch}`;
}

/** Returns the address of the report on an IP address. */
export function ipPermalink(ip: string): string {
  return `${GUI}/ip-address/${ip}`;
}

/** Returns the address of the report on a domain. */
export function domainPermalink(domain: string): string {
  return `${GUI}/domain/${domain}`;
}
