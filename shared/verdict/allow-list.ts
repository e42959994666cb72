/** Finds the entries of an allow list that match an indicator. */
import type { IndicatorType } from '../indicators/indicator-type.ts';
import type { AllowEntry, VerdictPolicy } from './policy-schema.ts';

/** The entries that match an indicator. */
export interface AllowListMatch {
  /** The first that has not expired; undefined if all have, or none matches. */
  readonly current: AllowEntry | undefined;
  readonly expired: readonly AllowEntry[];
}

/**
 * Finds the entries that match an indicator.
 *
 * @param policy - presets have no allow list
 * @param type - type of the indicator; the entry of a domain does not match URLs at that domain
 * @param names - all names of the indicator: digests, or spellings of a URL, address or domain
 * @param nowSeconds - epoch seconds
 */
export function matchAllowList(
  policy: VerdictPolicy,
  type: IndicatorType,
  names: readonly string[],
  nowSeconds: number,
): AllowListMatch {
  const entries = typeof policy === 'string' ? [] : (policy.allow ?? []);
  const matching = entries.filter((entry) => matchers[type](entry, names));
  const isExpired = ({ expires }: AllowEntry) => expires !== undefined && expires < nowSeconds;
  return {
    current: matching.find((entry) => !isExpired(entry)),
    expired: matching.filter(isExpired),
  };
}

type Matcher = (entry: AllowEntry, names: readonly string[]) => boolean;

const matchers: Readonly<Record<IndicatorType, Matcher>> = {
  file: ({ digest }, names) => digest !== undefined && names.includes(digest.hex),
  ip: ({ ip }, names) => ip !== undefined && names.includes(ip),
  domain: ({ domain }, names) =>
    domain !== undefined && names.some((name) => `.${name}`.endsWith(`.${domain}`)),
  url: ({ url }, names) => url !== undefined && names.map(canonical).includes(canonical(url.url)),
};

/** Returns one spelling for all URLs that mean the same. Removes the fragment, which no server receives. */
function canonical(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return url;
  parsed.hash = '';
  return parsed.href.replace(/%[0-9a-f]{2}/gi, unescapeUnreserved);
}

/** Percent-encoded letters, digits, `-`, `.`, `_` and `~` are equivalent to the bare character (RFC 3986, 6.2.2). */
function unescapeUnreserved(escaped: string): string {
  const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
  return /[\w.~-]/.test(character) ? character : escaped.toUpperCase();
}
