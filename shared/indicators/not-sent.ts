/**
 * Which indicators are never sent to VirusTotal: asking about them would tell it about the inside of
 * a network, and it can know nothing of them.
 */
import ipaddr from 'ipaddr.js';

/** Ranges for documentation hold the simulator's samples, so they are sent (RFC 5737, 3849, 9637). */
const documentation = [
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '2001:db8::/32',
  '3fff::/20',
].map((range) => ipaddr.parseCIDR(range));

/** Anycast addresses within reserved ranges that IANA's registries call globally reachable (RFC 7723, 8155, 9665). */
const reachableAddresses: ReadonlySet<string> = new Set([
  '192.0.0.9',
  '192.0.0.10',
  '2001:1::1',
  '2001:1::2',
  '2001:1::3',
]);

/**
 * What `ipaddr.js` sets apart though IANA's special-purpose registries call it globally reachable.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const reachableRanges: ReadonlySet<string> = new Set([
  'unicast',
  'as112',
  'as112v6',
  'amt',
  'orchid2',
  'droneRemoteIdProtocolEntityTags',
]);

/** The IPv6 addresses that IANA has given out for global unicast. */
const globalUnicast6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Names of special use: RFC 6761, 6762, 7686, 8375, 9476, and ICANN's `internal` of 2024. */
const reservedTopLevelDomains: ReadonlySet<string> = new Set([
  'test',
  'example',
  'invalid',
  'localhost',
  'local',
  'onion',
  'alt',
  'internal',
]);

/**
 * Why an address is not sent.
 *
 * @param ip - as `parseIpAddress` returns it
 * @returns a sentence for `verbose_msg`, or null when the address may be sent
 */
export function whyIpNotSent(ip: string): string | null {
  const address = ipaddr.parse(ip);
  if (reachableAddresses.has(ip)) return null;
  const isDocumentation = documentation.some(
    ([net, bits]) => net.kind() === address.kind() && address.match(net, bits),
  );
  if (isDocumentation) return null;
  const isOutside6 = address instanceof ipaddr.IPv6 && !address.match(globalUnicast6);
  const range = address.range();
  return reachableRanges.has(range) && !isOutside6
    ? null
    : `Not sent to VirusTotal: ${ip} is not a globally routable address (${range === 'unicast' ? 'reserved' : range})`;
}

/**
 * Why a host name is not sent.
 *
 * @param host - a domain as `parseDomain` returns it, or an address
 * @returns a sentence for `verbose_msg`, or null when the host may be sent
 */
export function whyHostNotSent(host: string): string | null {
  if (ipaddr.isValid(host)) return whyIpNotSent(host);
  const labels = host.split('.');
  if (labels.length === 1) return `Not sent to VirusTotal: ${host} is a single-label name`;
  const top = labels.at(-1) ?? '';
  const isHome = top === 'arpa' && labels.at(-2) === 'home';
  return reservedTopLevelDomains.has(top) || isHome
    ? `Not sent to VirusTotal: ${host} is under the reserved top-level domain ${isHome ? 'home.arpa' : top}`
    : null;
}
