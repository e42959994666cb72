/** Canonical URLs and the ids that are made of them, as seen in recorded answers. */
import { sha256Of } from './digests.ts';

/** Top-level domains that do not exist (RFC 6761, RFC 6762, RFC 7686). */
const missingTopLevelDomains = /\.(test|invalid|localhost|local|onion|example|internal)$/;

/**
 * The canonical form of a URL: a missing scheme is `http://`, a bare host gets `/`, the host is in
 * lower case; path and query keep their case. Not confirmed by a recording, so chosen here: the
 * default port and the fragment are dropped.
 *
 * @returns null when VirusTotal would say `Unable to canonicalize url`
 */
export function canonicalOf(text: string): string | null {
  const given = text.trim();
  if (/^[a-z][a-z0-9+.-]*:(?!\/\/|[0-9])/i.test(given)) return null;
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`);
  if (!url || !/^https?:$/.test(url.protocol) || !isPublicName(url.hostname)) return null;
  url.hash = '';
  return url.href;
}

/** The canonical URL that an id in a path stands for: unpadded base64url of any spelling. */
export function canonicalOfId(id: string): string | null {
  if (!/^[A-Za-z0-9_-]+$/.test(id)) return null;
  return canonicalOf(Buffer.from(id, 'base64url').toString('utf8'));
}

/** VirusTotal's id of a URL: SHA-256 of its canonical form. */
export function urlIdOf(canonical: string): string {
  return sha256Of(canonical);
}

function isPublicName(hostname: string): boolean {
  if (hostname.startsWith('[') || /^[0-9.]+$/.test(hostname)) return true;
  return hostname.includes('.') && !missingTopLevelDomains.test(hostname);
}
