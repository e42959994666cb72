/** Domain names as indicators. */
import { InvalidIndicator } from './invalid.ts';
import { refangHost } from './refang.ts';

/** What is allowed, in words. */
export const DOMAIN_FORMS =
  'a domain name of at most 253 characters, without scheme, port or path; possibly defanged or internationalised';

const IS_ADDRESS = 'it is an IP address (use ip_reputation)';

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Parses a domain name, possibly defanged or internationalised.
 *
 * @returns lower-case A-labels, without a trailing dot
 * @throws InvalidIndicator
 */
export function parseDomain(text: string): string {
  if (text.length > 1000) throw new InvalidIndicator(`it has ${text.length} characters`);
  const name = refangHost(text.trim());
  refuseForeignParts(name);
  return checkLabels(toHostname(name));
}

/**
 * Checks a host name that the URL parser has put into A-labels.
 *
 * @returns the name without a trailing dot
 * @throws InvalidIndicator
 */
export function checkLabels(hostname: string): string {
  const name = hostname.replace(/\.$/, '');
  if (name.length > 253) throw new InvalidIndicator(`the name has ${name.length} characters`);
  const bad = name.split('.').find((label) => !LABEL.test(label));
  if (bad === undefined) return name;
  throw new InvalidIndicator(
    bad === ''
      ? 'it has an empty label'
      : 'it has a label that is over 63 characters or has characters that names do not have',
  );
}

function refuseForeignParts(name: string): void {
  if (/^[a-z][a-z0-9+-]*:\/\//i.test(name)) {
    throw new InvalidIndicator('it is a URL (give the host alone, or use url_reputation)');
  }
  if (/[\s\p{Cc}]/u.test(name)) {
    throw new InvalidIndicator('it has white space or control characters');
  }
  if (/^[^:]+:[0-9]*$/.test(name)) throw new InvalidIndicator('it has a port (leave it out)');
  if (/^\[?[0-9a-f.]*:[0-9a-f:.]*\]?$/i.test(name)) throw new InvalidIndicator(IS_ADDRESS);
  if (name.includes('/'))
    throw new InvalidIndicator('it has a path or prefix length (leave it out)');
  const foreign = /[\\?#@:%[\]]/.exec(name);
  if (foreign) throw new InvalidIndicator(`it has "${foreign[0]}", which names do not have`);
}

/**
 * Whether a host name that the URL parser has put into shape is an address.
 *
 * @param hostname - of a `URL`
 */
export function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^(?:[0-9]+\.){3}[0-9]+$/.test(hostname);
}

/** The URL parser knows IDNA (UTS 46), https://url.spec.whatwg.org/#concept-host-parser. */
function toHostname(name: string): string {
  const hostname = URL.parse(`http://${name}/`)?.hostname;
  if (!hostname) throw new InvalidIndicator('it is not a host name');
  if (isAddress(hostname)) {
    throw new InvalidIndicator(IS_ADDRESS);
  }
  return hostname;
}
