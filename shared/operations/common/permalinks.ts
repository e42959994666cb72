/** Addresses of pages in VirusTotal's web interface, which the API does not return. */

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
