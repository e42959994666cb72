/** IPv4 and IPv6 addresses as indicators. */
import ipaddr from 'ipaddr.js';
import { InvalidIndicator } from './invalid.ts';
import { refangHost } from './refang.ts';

/** What is allowed, in words. */
export const IP_FORMS =
  'one IPv4 (four decimal numbers) or IPv6 address, without port, brackets, zone or prefix length';

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const IPV4 = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}$`);

/**
 * IPv6 ranges whose addresses contain an IPv4 address, with the place of its first byte: IPv4-mapped
 * (RFC 4291), NAT64 (RFC 6052; prefixes that networks choose themselves cannot be recognised) and 6to4
 * (RFC 3056).
 */
const rangesWithIpv4 = [
  { range: ipaddr.IPv6.parseCIDR('::ffff:0:0/96'), start: 12 },
  { range: ipaddr.IPv6.parseCIDR('64:ff9b::/96'), start: 12 },
  { range: ipaddr.IPv6.parseCIDR('2002::/16'), start: 2 },
];

/**
 * Parses an IP address, which may be defanged.
 *
 * @returns its shortest form (RFC 5952); of an IPv4-mapped, NAT64 (64:ff9b::/96) or 6to4 address the IPv4
 *   address in it
 * @throws InvalidIndicator
 */
export function parseIpAddress(text: string): string {
  if (text.length > 200) throw new InvalidIndicator(`it has ${text.length} characters`);
  const address = refangHost(text.trim());
  if (IPV4.test(address)) return address;
  const shortest = shortestIpv6(address);
  if (shortest === undefined) throw new InvalidIndicator(whyNot(address));
  const ipv6 = ipaddr.IPv6.parse(shortest);
  const found = rangesWithIpv4.find(({ range }) => ipv6.match(range));
  if (found === undefined) return shortest;
  return ipv6
    .toByteArray()
    .slice(found.start, found.start + 4)
    .join('.');
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
