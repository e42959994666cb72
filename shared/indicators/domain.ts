/** Domain names as indicators. */
import { InvalidIndicator } from './invalid.ts';
import { cutScheme, refangHost } from './refang.ts';

/** What is allowed, in words. */
export const DOMAIN_FORMS =
  'a domain name of at most 253 characters, without scheme, port or path; may be defanged or internationalised';

const IS_ADDRESS = 'it is an IP address (use ip_reputation)';

/**
 * DNS, browsers and VirusTotal know names with hyphens at either end (`-sso.example.com`). Other ASCII
 * characters are those of lists, patterns and quotes around a name.
 */
const LABEL = /^[a-z0-9_-]{1,63}$/;

/**
 * Parses a domain name, which may be defanged or internationalised.
 *
 * @returns lower-case A-labels, without a trailing dot
 * @throws InvalidIndicator
 */
export function parseDomain(text: string): string {
  if (text.length > 1000) throw new InvalidIndicator(`it has ${text.length} characters`);
  if (cutScheme(text.trim()).scheme !== undefined) {
    throw new InvalidIndicator('it is a URL (pass the host only, or use url_reputation)');
  }
  const name = refangHost(text.trim());
  refuseForeignParts(name);
  return checkLabels(toHostname(name));
}

/**
 * Checks a host name in A-labels, as the URL parser returns it.
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
      : 'it has a label that is longer than 63 characters or has characters that are not allowed in names',
  );
}

function refuseForeignParts(name: string): void {
  if (/[\s\p{Cc}]/u.test(name)) {
    throw new InvalidIndicator('it has white space or control characters');
  }
  if (/^[^:]+:[0-9]*$/.test(name)) throw new InvalidIndicator('it has a port (leave it out)');
  if (/^\[?[0-9a-f.]*:[0-9a-f:.]*\]?$/i.test(name)) throw new InvalidIndicator(IS_ADDRESS);
  if (name.includes('/'))
    throw new InvalidIndicator('it has a path or prefix length (leave it out)');
  const foreign = /[\\?#@:%[\]]/.exec(name);
  if (foreign) throw new InvalidIndicator(`it has "${foreign[0]}", which is not allowed in names`);
}

/**
 * Returns whether a host name is an IP address.
 *
 * @param hostname - as the URL parser returns it
 */
export function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^(?:[0-9]+\.){3}[0-9]+$/.test(hostname);
}

/** Uses the URL parser, which implements IDNA (UTS 46): https://url.spec.whatwg.org/#concept-host-parser. */
function toHostname(name: string): string {
  const hostname = URL.parse(`http://${name}/`)?.hostname;
  if (!hostname) throw new InvalidIndicator('it is not a host name');
  if (isAddress(hostname)) {
    throw new InvalidIndicator(IS_ADDRESS);
  }
  return hostname;
}
