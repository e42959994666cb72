/** IPv4 and IPv6 addresses as indicators. */
import ipaddr from 'ipaddr.js';
import { InvalidIndicator } from './invalid.ts';
import { refangHost } from './refang.ts';

/** What is allowed, in words. */
export const IP_FORMS =
  'one IPv4 (four decimal numbers) or IPv6 address, without port, brackets, zone or prefix length';

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const IPV4 = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}$`);

/** The well-known prefix of RFC 6052; prefixes that networks choose themselves cannot be recognised. */
const NAT64 = '64:ff9b::/96';

/**
 * Parses an IP address, which may be defanged.
 *
 * @returns its shortest form (RFC 5952); the IPv4 address in IPv4-mapped and NAT64 (64:ff9b::/96) addresses
 * @throws InvalidIndicator
 */
export function parseIpAddress(text: string): string {
  if (text.length > 200) throw new InvalidIndicator(`it has ${text.length} characters`);
  const address = refangHost(text.trim());
  if (IPV4.test(address)) return address;
  const shortest = shortestIpv6(address);
  if (shortest === undefined) throw new InvalidIndicator(whyNot(address));
  const ipv6 = ipaddr.IPv6.parse(shortest);
  const carriesIpv4 = ipv6.isIPv4MappedAddress() || ipv6.match(ipaddr.IPv6.parseCIDR(NAT64));
  return carriesIpv4 ? ipv6.toByteArray().slice(12).join('.') : shortest;
}

/**
 * Uses the URL parser, which is strict and returns the form of RFC 5952. `ipaddr.js` accepts
 * `::ffff:010.0.0.1`, in which others read an octal number, and takes `::8.8.8.8` for an IPv4-mapped address.
 *
 * @see https://url.spec.whatwg.org/#concept-ipv6-parser
 */
function shortestIpv6(address: string): string | undefined {
  if (!/^[0-9A-Fa-f:.]+$/.test(address) || !address.includes(':')) return undefined;
  return URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1);
}

function whyNot(address: string): string {
  if (address.includes('/')) return 'it has a prefix length or a path';
  if (address.includes('%')) return 'it has a zone or is encoded twice';
  if (address.includes('[') || address.includes(']')) return 'it has brackets';
  if (/^[0-9.]+:[0-9]+$/.test(address)) return 'it has a port';
  if (/^(?:[0-9]+\.){3}[0-9]+$/.test(address)) {
    return 'it has a number above 255 or with leading zeros';
  }
  return 'it is not an address';
}
