/** Canonical URLs and their ids, derived from recorded answers. */
import { sha256Of } from './digests.ts';

/** Reserved top-level domains (RFC 6761, RFC 6762, RFC 7686). */
const missingTopLevelDomains = /\.(test|invalid|localhost|local|onion|example|internal)$/;

/**
 * Returns the canonical form of a URL: with a scheme (`http://` by default), a path, and the host in
 * lower case. Removes the default port and the fragment, which no recording confirms.
 *
 * @returns null if VirusTotal would answer `Unable to canonicalize url`
 */
export function canonicalOf(text: string): string | null {
  const trimmed = text.trim();
  if (/^[a-z][a-z0-9+.-]*:(?!\/\/|[0-9])/i.test(trimmed)) return null;
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`);
  if (!url || !/^https?:$/.test(url.protocol) || !isPublicName(url.hostname)) return null;
  url.hash = '';
  return url.href;
}

/** Returns the canonical URL for an id that is the unpadded base64url of a URL. */
export function canonicalOfId(id: string): string | null {
  if (!/^[A-Za-z0-9_-]+$/.test(id)) return null;
  return canonicalOf(Buffer.from(id, 'base64url').toString('utf8'));
}

/** Returns VirusTotal's id of a URL: the SHA-256 of its canonical form. */
export function urlIdOf(canonical: string): string {
  return sha256Of(canonical);
}

function isPublicName(hostname: string): boolean {
  if (hostname.startsWith('[') || /^[0-9.]+$/.test(hostname)) return true;
  return hostname.includes('.') && !missingTopLevelDomains.test(hostname);
}
