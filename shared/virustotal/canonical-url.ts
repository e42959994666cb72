/** Finds the canonical form of a URL without a request: the spelling whose SHA-256 is in the analysis id. */
import { urlSha256Of } from '../indicators/scan-id.ts';
import { sha256 } from '../sha256.ts';

/**
 * Returns the canonical form of a submitted URL.
 *
 * @param url - as it was sent
 * @param analysisId - VirusTotal's id; contains the SHA-256 of the canonical form
 * @returns the matching spelling; without one, the URL as it was sent
 */
export function canonicalUrlOf(url: string, analysisId: string | number): string {
  const urlSha256 = urlSha256Of(analysisId);
  return [...spellings(url)].find((spelling) => sha256(spelling) === urlSha256) ?? url;
}

/** Returns the SHA-256 of each spelling that may be the canonical form. */
export function canonicalCandidates(url: string): string[] {
  return [...spellings(url)].map(sha256);
}

/** Returns every spelling that may be canonical: VirusTotal's rules are only partly known. */
function spellings(url: string): Set<string> {
  const parsed = URL.parse(url);
  const bare = [url, ...(parsed ? [parsed.href, decoded(parsed.href)] : [])];
  const withoutFragment = bare.map((spelling) => spelling.replace(/#.*$/s, ''));
  const withoutPort = [...bare, ...withoutFragment].map((spelling) =>
    spelling.replace(
      /^(http:\/\/[^/?#]*):80(?=[/?#]|$)|^(https:\/\/[^/?#]*):443(?=[/?#]|$)/,
      '$1$2',
    ),
  );
  const all = [...bare, ...withoutFragment, ...withoutPort];
  const withSlash = all.map((spelling) =>
    spelling.replace(/^(https?:\/\/[^/?#]*)(?=[?#]|$)/, '$1/'),
  );
  return new Set([...all, ...withSlash]);
}

function decoded(href: string): string {
  try {
    return decodeURI(href);
  } catch {
    return href;
  }
}
