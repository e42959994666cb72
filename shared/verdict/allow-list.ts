/** Which entries of an allow list name an indicator. */
import type { AllowEntry, VerdictPolicy } from './policy-schema.ts';
import type { IndicatorType } from './presets.ts';

/** The entries that name an indicator. */
export interface Listing {
  /** The first that holds; undefined when none does. */
  readonly live: AllowEntry | undefined;
  /** Those that have ended. */
  readonly expired: readonly AllowEntry[];
}

/**
 * Finds the entries that name an indicator.
 *
 * @param policy - a preset has no allow list
 * @param type - of the indicator; a domain's entry does not stand for URLs at it
 * @param names - what the indicator is known by: digests, or spellings of a URL, an address, a domain
 * @param nowSeconds - epoch seconds
 */
export function listing(
  policy: VerdictPolicy,
  type: IndicatorType,
  names: readonly string[],
  nowSeconds: number,
): Listing {
  const entries = typeof policy === 'string' ? [] : (policy.allow ?? []);
  const matching = entries.filter((entry) => matchers[type](entry, names));
  const isExpired = ({ expires }: AllowEntry) => expires !== undefined && expires < nowSeconds;
  return {
    live: matching.find((entry) => !isExpired(entry)),
    expired: matching.filter(isExpired),
  };
}

type Matcher = (entry: AllowEntry, names: readonly string[]) => boolean;

const matchers: Readonly<Record<IndicatorType, Matcher>> = {
  file: ({ digest }, names) => digest !== undefined && names.includes(digest.digest),
  ip: ({ ip }, names) => ip !== undefined && names.includes(ip),
  domain: ({ domain }, names) =>
    domain !== undefined && names.some((name) => `.${name}`.endsWith(`.${domain}`)),
  url: ({ url }, names) => url !== undefined && names.map(canonical).includes(canonical(url.url)),
};

/**
 * One spelling of a URL: what may be written in several ways without another meaning is written in one.
 * The fragment is not sent to a server.
 */
function canonical(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return url;
  parsed.hash = '';
  return parsed.href.replace(/%[0-9a-f]{2}/gi, unescapeUnreserved);
}

/** Percent-encoded letters, digits, `-`, `.`, `_` and `~` mean themselves (RFC 3986, 6.2.2). */
function unescapeUnreserved(escaped: string): string {
  const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
  return /[\w.~-]/.test(character) ? character : escaped.toUpperCase();
}
