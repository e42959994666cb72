/** Finds the canonical form of a URL without asking: the spelling whose SHA-256 the analysis id holds. */
import { urlSha256Of } from '../indicators/scan-id.ts';
import { sha256 } from '../sha256.ts';

/**
 * The canonical form of a URL that VirusTotal has taken.
 *
 * @param url - as it was sent
 * @param analysisId - as VirusTotal gave it; holds the SHA-256 of the canonical form
 * @returns the spelling that fits; when none does, the URL as it was sent
 */
export function canonicalUrlOf(url: string, analysisId: string | number): string {
  const urlSha256 = urlSha256Of(analysisId);
  return [...spellings(url)].find((spelling) => sha256(spelling) === urlSha256) ?? url;
}

/** VirusTotal's rules are known in part only: every spelling that they may lead to is tried. */
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
