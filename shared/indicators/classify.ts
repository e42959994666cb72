/** Tells what an indicator is: a digest, an address, a URL or a domain. */
import { parseDomain } from './domain.ts';
import { parseDigest } from './hash.ts';
import { InvalidIndicator } from './invalid.ts';
import { parseIpAddress } from './ip-address.ts';
import { cutScheme, refangHost } from './refang.ts';
import { parseUrl } from './url.ts';

/** What an indicator can be. */
export type IndicatorType = 'hash' | 'ip' | 'domain' | 'url';

/**
 * Tells the type of an indicator, which may be defanged.
 *
 * What has a scheme, a path or a port is a URL: `example.com/a`, `192.0.2.1:8080`. A name is a domain,
 * even when it might be that of a file (`setup.zip`).
 *
 * @throws InvalidIndicator when it is none
 */
export function classify(text: string): IndicatorType {
  const given = text.trim();
  if (given === '') throw new InvalidIndicator('it is empty');
  if (/^(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/.test(given)) return 'hash';
  if (/^(?:[fu]-)?[0-9A-Fa-f]{64}-[0-9]+$/.test(given)) parseDigest(given);
  if (isIpAddress(given)) return 'ip';
  refuseOthers(given);
  if (isUrl(given)) {
    parseUrl(given);
    return 'url';
  }
  parseDomain(given);
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

/** What the parser of URLs would take for something else. */
function refuseOthers(text: string): void {
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
