/** URLs as indicators. */
import { checkLabels, isAddress } from './domain.ts';
import { InvalidIndicator } from './invalid.ts';
import { parseIpAddress } from './ip-address.ts';
import { LIKE_SCAN_ID } from './patterns.ts';
import { splitUrl, type UrlParts } from './refang.ts';

/** A URL that may be sent. */
export interface UrlIndicator {
  /** Refanged, without credentials, host in lower-case A-labels; the rest as the caller meant it. */
  readonly url: string;
  /** The host that decides whether the URL may be sent: A-labels, or an address in its shortest form. */
  readonly host: string;
}

/** Longest URL as it is sent, characters. */
export const MAX_URL_LENGTH = 8192;

/** Longest defanged URL, characters. */
export const MAX_DEFANGED_URL_LENGTH = 2 * MAX_URL_LENGTH;

/** Longest defanged host with port, characters; a name has 253 at most. */
export const MAX_HOST_LENGTH = 1000;

/** What is allowed, in words. */
export const URL_FORMS = `an http or https URL of at most ${MAX_URL_LENGTH} characters, without white space; may be defanged`;

/**
 * Parses a URL, which may be defanged or without scheme (then `http://`).
 *
 * The host goes through the URL parser, so that no spelling (`0x7f.1`, `%31`, full-width digits) can hide
 * a private address. The rest of a URL without marks stays exactly as it is, because VirusTotal's id is a
 * hash of it.
 *
 * @throws InvalidIndicator
 */
export function parseUrl(text: string): UrlIndicator {
  const trimmed = text.trim();
  refuseMalformed(trimmed);
  const parts = splitUrl(trimmed, MAX_HOST_LENGTH);
  const scheme = schemeOf(trimmed, parts);
  const { hostname, port } = parseHost(scheme, parts);
  const url = `${scheme}://${hostname}${port}${parts.tail}`;
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

function schemeOf(text: string, { scheme }: UrlParts): string {
  if (scheme === 'http' || scheme === 'https') return scheme;
  const isWithout = scheme === undefined && !/^[a-z][a-z0-9+-]*:(?![0-9])/i.test(text);
  if (isWithout) return 'http';
  throw new InvalidIndicator('its scheme is not http:// or https://');
}

function parseHost(
  scheme: string,
  { credentials, host }: UrlParts,
): { hostname: string; port: string } {
  // Browsers read it as a slash, so what follows would be no part of the host.
  if (`${credentials}${host}`.includes('\\')) {
    throw new InvalidIndicator('it has a backslash in its host');
  }
  if (host.length > MAX_HOST_LENGTH) {
    throw new InvalidIndicator(`its host has ${host.length} characters`);
  }
  const hostname = URL.parse(`${scheme}://${host}/`)?.hostname;
  if (!hostname) throw new InvalidIndicator('its host or port is malformed or missing');
  return { hostname, port: /:[0-9]+$/.exec(host.replace(/^.*\]/, ''))?.[0] ?? '' };
}

function hostOf(hostname: string): string {
  return isAddress(hostname)
    ? parseIpAddress(hostname.replace(/^\[|\]$/g, ''))
    : checkLabels(hostname);
}
