/** URLs as indicators. */
import { checkLabels, isAddress } from './domain.ts';
import { InvalidIndicator } from './invalid.ts';
import { parseIpAddress } from './ip-address.ts';
import { LIKE_SCAN_ID } from './patterns.ts';
import { cutScheme, refangAt, refangHost } from './refang.ts';

/** A URL that may be sent. */
export interface UrlIndicator {
  /** Refanged, without credentials, host in lower-case A-labels; path, query and fragment unchanged. */
  readonly url: string;
  /** The host that decides whether the URL may be sent: A-labels, or an address in its shortest form. */
  readonly host: string;
}

/** Longest URL as it is sent, characters. */
export const MAX_URL_LENGTH = 8192;

/** Longest defanged URL, characters. */
export const MAX_DEFANGED_URL_LENGTH = MAX_URL_LENGTH + 200;

/** Longest defanged host with port, characters; a name has 253 at most. */
const MAX_HOST_LENGTH = 1000;

/** What is allowed, in words. */
export const URL_FORMS = `an http or https URL of at most ${MAX_URL_LENGTH} characters, without white space; may be defanged`;

/**
 * Parses a URL, which may be defanged or without scheme (then `http://`).
 *
 * The host goes through the URL parser, so that no spelling (`0x7f.1`, `%31`, full-width digits) can hide
 * a private address. The rest stays exactly as it is, because VirusTotal's id is a hash of it.
 *
 * @throws InvalidIndicator
 */
export function parseUrl(text: string): UrlIndicator {
  const trimmed = text.trim();
  refuseMalformed(trimmed);
  const { scheme, rest } = schemeOf(trimmed);
  const end = rest.search(/[/?#]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const tail = end < 0 ? '' : rest.slice(end);
  const { hostname, port } = parseAuthority(scheme, authority);
  const url = `${scheme}://${hostname}${port}${tail}`;
  if (url.length > MAX_URL_LENGTH) throw new InvalidIndicator(`it has ${url.length} characters`);
  return { url, host: hostOf(hostname) };
}

function refuseMalformed(text: string): void {
  if (text.length > MAX_DEFANGED_URL_LENGTH) {
    throw new InvalidIndicator(`it has ${text.length} characters`);
  }
  if (/[\s\p{Cc}]/u.test(text)) {
    throw new InvalidIndicator('it has white space or control characters (percent-encode them)');
  }
  if (!text.isWellFormed()) throw new InvalidIndicator('it is not well-formed Unicode');
  if (LIKE_SCAN_ID.test(text)) {
    throw new InvalidIndicator('it is a scan_id (pass it as scan_id)');
  }
}

function schemeOf(text: string): { scheme: string; rest: string } {
  const { scheme, rest } = cutScheme(text);
  if (scheme === undefined) {
    if (/^[a-z][a-z0-9+-]*:(?![0-9])/i.test(text)) {
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
  const withCredentials = refangAt(authority);
  const defangedHost = withCredentials.slice(withCredentials.lastIndexOf('@') + 1);
  if (defangedHost.length > MAX_HOST_LENGTH) {
    throw new InvalidIndicator(`its host has ${defangedHost.length} characters`);
  }
  const hostAndPort = refangHost(defangedHost);
  const hostname = URL.parse(`${scheme}://${hostAndPort}/`)?.hostname;
  if (!hostname) throw new InvalidIndicator('its host or port is malformed or missing');
  return { hostname, port: /:[0-9]+$/.exec(hostAndPort.replace(/^.*\]/, ''))?.[0] ?? '' };
}

function hostOf(hostname: string): string {
  return isAddress(hostname)
    ? parseIpAddress(hostname.replace(/^\[|\]$/g, ''))
    : checkLabels(hostname);
}
