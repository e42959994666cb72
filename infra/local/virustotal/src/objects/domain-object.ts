/** Domains, as in `GET /domains/{domain}`. */
import { siteReportDate, verdictOfSite, type World } from '../world/world.ts';
import { linkTo } from './links.ts';
import { siteReport } from './url-object.ts';

const DAY_SECONDS = 86_400;

export function domainObject(origin: string, world: World, domain: string) {
  const date = siteReportDate(world, 'domain', domain);
  const { startedAt } = world;
  return {
    id: domain,
    type: 'domain',
    links: { self: linkTo(origin, 'domains', domain) },
    attributes: {
      tld: domain.split('.').at(-1),
      reputation: 0,
      tags: [],
      total_votes: { harmless: 0, malicious: 0 },
      last_modification_date: date ?? startedAt,
      ...(date === null ? {} : registrationOf(domain, startedAt)),
      ...(date === null ? {} : siteReport(verdictOfSite('domain', domain), date)),
    },
  };
}

/** Two vendors agree on a category, so that tests can see whether a client removes duplicates. */
function registrationOf(domain: string, startedAt: number) {
  const isClean = verdictOfSite('domain', domain) === 'clean';
  return {
    categories: {
      BitDefender: isClean ? 'computersandsoftware' : 'malware',
      'Forcepoint ThreatSeeker': isClean ? 'information technology' : 'malicious web sites',
      Sophos: isClean ? 'information technology' : 'malicious web sites',
    },
    registrar: 'Simulated Registrar Inc.',
    creation_date: startedAt - 5000 * DAY_SECONDS,
    last_update_date: startedAt - 100 * DAY_SECONDS,
    expiration_date: startedAt + 500 * DAY_SECONDS,
    last_dns_records: [{ type: 'A', ttl: 300, value: '198.51.100.1' }],
    last_dns_records_date: startedAt - DAY_SECONDS,
    popularity_ranks: {},
    whois: `Domain Name: ${domain.toUpperCase()}\nRegistrar: Simulated Registrar Inc.`,
    whois_date: startedAt - 30 * DAY_SECONDS,
  };
}
