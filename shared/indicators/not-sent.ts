/**
 * Decides which indicators are never sent to VirusTotal: looking them up would leak internal names, and
 * VirusTotal cannot know them anyway.
 */
import ipaddr from 'ipaddr.js';

/** Documentation ranges (RFC 5737, 3849, 9637) are sent, because the simulator's samples are in them. */
const documentation = [
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '2001:db8::/32',
  '3fff::/20',
].map((range) => ipaddr.parseCIDR(range));

/** Anycast addresses in reserved ranges that IANA's registries list as globally reachable (RFC 7723, 8155, 9665). */
const reachableAddresses: ReadonlySet<string> = new Set([
  '192.0.0.9',
  '192.0.0.10',
  '2001:1::1',
  '2001:1::2',
  '2001:1::3',
]);

/**
 * Ranges of `ipaddr.js` that IANA's special-purpose registries list as globally reachable.
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

/** The range that IANA has allocated for global unicast. */
const globalUnicast6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Special-use names of RFC 6761, 6762, 7686, 8375 and 9476, and ICANN's `internal` (2024). */
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
 * Returns why an address is not sent, for `verbose_msg`; null if it may be sent.
 *
 * @param ip - as `parseIpAddress` returns it
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
 * Returns why a host is not sent, for `verbose_msg`; null if it may be sent.
 *
 * @param host - a domain as `parseDomain` returns it, or an IP address
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
