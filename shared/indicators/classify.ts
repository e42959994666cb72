/** Finds out what an indicator is: a file's digest, an IP address, a URL or a domain. */
import ipaddr from 'ipaddr.js';
import { parseDomain } from './domain.ts';
import { parseDigest } from './hash.ts';
import type { IndicatorType } from './indicator-type.ts';
import { InvalidIndicator } from './invalid.ts';
import { parseIpAddress } from './ip-address.ts';
import { DIGEST, LIKE_SCAN_ID } from './patterns.ts';
import { refangAt, splitUrl, type UrlParts } from './refang.ts';
import { MAX_HOST_LENGTH, parseUrl } from './url.ts';

/**
 * Returns the type of an indicator, which may be defanged.
 *
 * Anything with a scheme, a path or a port is a URL: `example.com/a`, `192.0.2.1:8080`, `192.0.2.1/80/x`. A
 * bare name is a domain, even if it could be a file name (`setup.zip`).
 *
 * @throws InvalidIndicator when it has no type
 */
export function classify(text: string): IndicatorType {
  const indicator = text.trim();
  if (indicator === '') throw new InvalidIndicator('it is empty');
  if (DIGEST.test(indicator)) return 'file';
  if (LIKE_SCAN_ID.test(indicator)) parseDigest(indicator);
  if (isIpAddress(indicator)) return 'ip';
  const parts = splitUrl(indicator, MAX_HOST_LENGTH);
  refuseRangesAndMailAddresses(indicator, parts);
  if (isUrl(parts)) {
    parseUrl(indicator);
    return 'url';
  }
  parseDomain(indicator);
  return 'domain';
}

function isIpAddress(text: string): boolean {
  try {
    parseIpAddress(text);
    return true;
  } catch (error) {
    if (error instanceof InvalidIndicator) return false;
    throw error;
  }
}

/** The URL parser would accept both. */
function refuseRangesAndMailAddresses(text: string, { scheme, host, tail }: UrlParts): void {
  if (scheme === undefined && isIpAddress(host) && isPrefixLength(tail.slice(1), host)) {
    throw new InvalidIndicator('it is a range of addresses');
  }
  if (/^[^/?#]*@[^/?#:]*$/.test(refangAt(text))) {
    throw new InvalidIndicator('it is an e-mail address');
  }
}

/** A longer number, or more than a number, is a path: `192.0.2.1/80`, `192.0.2.1/24/x`. */
function isPrefixLength(text: string, address: string): boolean {
  const mask = ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.IPv4.parse(text) : undefined;
  if (mask) return mask.prefixLengthFromSubnetMask() !== null;
  return /^[0-9]{1,3}$/.test(text) && Number(text) <= (address.includes(':') ? 128 : 32);
}

function isUrl({ scheme, credentials, host, tail }: UrlParts): boolean {
  return scheme !== undefined || credentials !== '' || tail !== '' || /:[0-9]+$/.test(host);
}
