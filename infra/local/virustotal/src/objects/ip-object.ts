/** IP addresses, as in `GET /ip_addresses/{ip}`. */
import { BlockList } from 'node:net';
import { siteReportDate, verdictOfSite, type World } from '../world/world.ts';
import { linkTo } from './links.ts';
import { siteReport } from './url-object.ts';

/** Addresses without an owner (RFC 1918, RFC 1122, RFC 3927). */
const privateAddresses = new BlockList();
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  privateAddresses.addSubnet(net, bits);
}

/** An address whose statistics differ by one from its results, as recorded in 2020. */
const MISCOUNTED = '198.51.100.1';

/** Returns the object of an address, private or not, as the real service does. */
export function ipObject(origin: string, world: World, ip: string) {
  const date = siteReportDate(world, 'ip_address', ip);
  return {
    id: ip,
    type: 'ip_address',
    links: { self: linkTo(origin, 'ip_addresses', ip) },
    attributes: {
      reputation: 0,
      tags: [],
      total_votes: { harmless: 0, malicious: 0 },
      last_modification_date: date ?? world.startedAt,
      ...(date === null || isPrivate(ip) ? {} : ownerOf(world, ip)),
      ...(date === null ? {} : reportOf(ip, date)),
    },
  };
}

function isPrivate(ip: string): boolean {
  return !ip.includes(':') && privateAddresses.check(ip);
}

function ownerOf({ startedAt }: World, ip: string) {
  return {
    as_owner: 'Simulated Networks Ltd',
    asn: 64_496, // RFC 5398: for documentation
    continent: 'EU',
    country: 'DE',
    network: ip.includes(':') ? '2001:db8::/32' : ip.replace(/\d+$/, '0/24'),
    regional_internet_registry: 'RIPE NCC',
    whois: `inetnum: ${ip}\nnetname: SIMULATED-NET\ncountry: DE`,
    whois_date: startedAt - 30 * 86_400,
  };
}

function reportOf(ip: string, date: number) {
  const report = siteReport(verdictOfSite('ip_address', ip), date);
  if (ip !== MISCOUNTED) return report;
  const { last_analysis_stats: stats } = report;
  return { ...report, last_analysis_stats: { ...stats, harmless: (stats.harmless ?? 0) + 1 } };
}
