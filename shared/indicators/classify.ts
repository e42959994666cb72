/** Finds out what an indicator is: a file's digest, an IP address, a URL or a domain. */
import { parseDomain } from './domain.ts';
import { parseDigest } from './hash.ts';
import type { IndicatorType } from './indicator-type.ts';
import { InvalidIndicator } from './invalid.ts';
import { parseIpAddress } from './ip-address.ts';
import { DIGEST, LIKE_SCAN_ID } from './patterns.ts';
import { cutScheme, refangHost } from './refang.ts';
import { parseUrl } from './url.ts';

/**
 * Returns the type of an indicator, which may be defanged.
 *
 * Anything with a scheme, a path or a port is a URL: `example.com/a`, `192.0.2.1:8080`. A bare name is a
 * domain, even if it could be a file name (`setup.zip`).
 *
 * @throws InvalidIndicator when it has no type
 */
export function classify(text: string): IndicatorType {
  const indicator = text.trim();
  if (indicator === '') throw new InvalidIndicator('it is empty');
  if (DIGEST.test(indicator)) return 'file';
  if (LIKE_SCAN_ID.test(indicator)) parseDigest(indicator);
  if (isIpAddress(indicator)) return 'ip';
  refuseRangesAndMailAddresses(indicator);
  if (isUrl(indicator)) {
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
function refuseRangesAndMailAddresses(text: string): void {
  if (text.length > 1000) return;
  const [address = '', bits] = refangHost(text).split('/');
  if (bits !== undefined && /^[0-9]{1,3}$/.test(bits) && isIpAddress(address)) {
    throw new InvalidIndicator('it is a range of addresses');
  }
  if (/^[^/?#]*@[^/?#:]*$/.test(text)) throw new InvalidIndicator('it is an e-mail address');
}

function isUrl(text: string): boolean {
  return cutScheme(text).scheme !== undefined || /[/?#]|:[0-9]+$|[\])}]:[0-9]/.test(text);
}
