/** Addresses in VirusTotal's web interface; the API gives none. */

const GUI = 'https://www.virustotal.com/gui';

/** Of a file's analysis. */
export function filePermalink(sha256: string, epoch: number): string {
  return `${GUI}/file/${sha256}/detection/f-${sha256}-${epoch}`;
}

/** Of a URL's analysis; `sha256` is that of the canonical URL. */
export function urlPermalink(sha256: string, epoch: number): string {
  return `${GUI}/url/${sha256}/detection/u-${sha256}-${epoch}`;
}

/** Of an address. */
export function ipPermalink(ip: string): string {
  return `${GUI}/ip-address/${ip}`;
}

/** Of a domain. */
export function domainPermalink(domain: string): string {
  return `${GUI}/domain/${domain}`;
}
