/** IPv4 and IPv6 addresses as indicators. */
import ipaddr from 'ipaddr.js';
import { InvalidIndicator } from './invalid.ts';
import { refangHost } from './refang.ts';

/** What is allowed, in words. */
export const IP_FORMS =
  'one IPv4 (four decimal numbers) or IPv6 address, without port, brackets, zone or prefix length';

const IPV4 = /^(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})$/;

/** The well-known prefix of RFC 6052; networks' own prefixes cannot be told. */
const nat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * Parses an address, possibly defanged.
 *
 * @returns its shortest form (RFC 5952); IPv4-mapped and NAT64 (64:ff9b::/96) forms as the IPv4 address they carry
 * @throws InvalidIndicator
 */
export function parseIpAddress(text: string): string {
  if (text.length > 200) throw new InvalidIndicator(`it has ${text.length} characters`);
  const address = refangHost(text.trim());
  if (IPV4.test(address) && ipaddr.IPv4.isValid(address)) return address;
  if (/^[0-9A-Fa-f:.]+$/.test(address) && address.includes(':') && ipaddr.IPv6.isValid(address)) {
    return shortest(ipaddr.IPv6.parse(address));
  }
  throw new InvalidIndicator(whyNot(address));
}

function shortest(address: ipaddr.IPv6): string {
  const carriesIpv4 = address.isIPv4MappedAddress() || address.match(nat64);
  return carriesIpv4 ? address.toByteArray().slice(12).join('.') : address.toRFC5952String();
}

function whyNot(address: string): string {
  if (address.includes('/')) return 'it has a prefix length or a path';
  if (address.includes('%')) return 'it has a zone, or is encoded twice';
  if (address.includes('[') || address.includes(']')) return 'it has brackets';
  if (/^[0-9.]+:[0-9]+$/.test(address)) return 'it has a port';
  return 'it is not an address';
}
