/** URLs as indicators. */
import { checkLabels, isAddress } from './domain.ts';
import { InvalidIndicator } from './invalid.ts';
import { parseIpAddress } from './ip-address.ts';
import { cutScheme, refangAt, refangHost } from './refang.ts';

/** A URL as it may be sent. */
export interface UrlIndicator {
  /** Refanged, without credentials, host in lower-case A-labels; path, query and fragment as given. */
  readonly url: string;
  /** The host that decides whether the URL may be sent: A-labels, or an address in its shortest form. */
  readonly host: string;
}

/** Longest URL as it is sent, characters. */
export const MAX_URL_LENGTH = 8192;

/** What a URL may be longer by before it is refanged, characters. */
export const MAX_DEFANGING = 200;

/** Longest host and port, defanged; a name has 253 characters. */
const MAX_HOST_LENGTH = 1000;

/** What is allowed, in words. */
export const URL_FORMS = `an http or https URL of at most ${MAX_URL_LENGTH} characters, without white space; possibly defanged`;

/**
 * Parses a URL, possibly defanged or without scheme (then `http://`).
 *
 * The host goes through the URL parser, so that no spelling (`0x7f.1`, `%31`, full-width digits) hides
 * a private address; the rest stays to the letter, because VirusTotal's id is a hash of it.
 *
 * @throws InvalidIndicator
 */
export function parseUrl(text: string): UrlIndicator {
  const given = text.trim();
  refuseWhole(given);
  const { scheme, rest } = schemeOf(given);
  const end = rest.search(/[/?#]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const tail = end < 0 ? '' : rest.slice(end);
  const { hostname, port } = parseAuthority(scheme, authority);
  const url = `${scheme}://${hostname}${port}${tail}`;
  if (url.length > MAX_URL_LENGTH) throw new InvalidIndicator(`it has ${url.length} characters`);
  return { url, host: hostOf(hostname) };
}

function refuseWhole(given: string): void {
  if (given.length > MAX_URL_LENGTH + MAX_DEFANGING) {
    throw new InvalidIndicator(`it has ${given.length} characters`);
  }
  if (/[\s\p{Cc}]/u.test(given)) {
    throw new InvalidIndicator('it has white space or control characters (percent-encode them)');
  }
  if (!given.isWellFormed()) throw new InvalidIndicator('it is not well-formed Unicode');
  if (/^(?:[fu]-)?[0-9A-Fa-f]{64}-[0-9]+$/.test(given)) {
    throw new InvalidIndicator('it is a scan_id (give it as scan_id)');
  }
}

function schemeOf(given: string): { scheme: string; rest: string } {
  const { scheme, rest } = cutScheme(given);
  if (scheme === undefined) {
    if (/^[a-z][a-z0-9+-]*:(?![0-9])/i.test(given)) {
      throw new InvalidIndicator('its scheme is not http:// or https://');
    }
    return { scheme: 'http', rest };
  }
  if (scheme !== 'http' && scheme !== 'https') {
    throw new InvalidIndicator('its scheme is not http:// or https://');
  }
  return { scheme, rest };
}

function parseAuthority(scheme: string, authority: string): { hostname: string; port: string } {
  if (authority.includes('\\')) throw new InvalidIndicator('it has a backslash in its host');
  const whole = refangAt(authority);
  const defanged = whole.slice(whole.lastIndexOf('@') + 1);
  if (defanged.length > MAX_HOST_LENGTH) {
    throw new InvalidIndicator(`its host has ${defanged.length} characters`);
  }
  const hostAndPort = refangHost(defanged);
  const hostname = URL.parse(`${scheme}://${hostAndPort}/`)?.hostname;
  if (!hostname) throw new InvalidIndicator('its host or port is malformed or missing');
  return { hostname, port: /:[0-9]+$/.exec(hostAndPort.replace(/^.*\]/, ''))?.[0] ?? '' };
}

function hostOf(hostname: string): string {
  return isAddress(hostname)
    ? parseIpAddress(hostname.replace(/^\[|\]$/g, ''))
    : checkLabels(hostname);
}
