/** Addresses and domains: reports, rescans and lists of what is related. */
import { notFound, ok } from '../http/answer.ts';
import type { Asked, Route } from '../http/service.ts';
import { analysisDescriptor } from '../objects/analysis-object.ts';
import { domainObject } from '../objects/domain-object.ts';
import { ipObject } from '../objects/ip-object.ts';
import { sampleOf } from '../world/samples.ts';
import { analyseSite } from '../world/world.ts';
import { inlineRelationships, relationshipPage } from './relationships.ts';
import { type Site, siteOf } from './site-name.ts';

/** Routes of addresses and domains. */
export const siteRoutes: readonly Route[] = [
  ...routesOf('ip_address', '/api/v3/ip_addresses/:id'),
  ...routesOf('domain', '/api/v3/domains/:id'),
];

function routesOf(kind: Site['kind'], path: string): readonly Route[] {
  return [
    { method: 'GET', path, handle: (asked) => report(asked, chargedSite(asked, kind)) },
    {
      method: 'POST',
      path: `${path}/analyse`,
      handle: (asked) => analyse(asked, chargedSite(asked, kind)),
    },
    {
      method: 'GET',
      path: `${path}/:relationship`,
      handle: (asked) => relationshipPage(asked, chargedSite(asked, kind), 'objects'),
    },
    {
      method: 'GET',
      path: `${path}/relationships/:relationship`,
      handle: (asked) => relationshipPage(asked, chargedSite(asked, kind), 'descriptors'),
    },
  ];
}

function chargedSite(asked: Asked, kind: Site['kind']): Site {
  asked.charge();
  const site = siteOf(kind, asked.params.id ?? '');
  if (sampleOf(site.kind, site.name) === 'unknown') {
    throw notFound(kind === 'domain' ? 'Domain' : 'IP address', site.name);
  }
  return site;
}

function report(asked: Asked, site: Site) {
  const { world, origin } = asked.service;
  const object =
    site.kind === 'domain'
      ? domainObject(origin, world, site.name)
      : ipObject(origin, world, site.name);
  const relationships = inlineRelationships(asked, site);
  return ok({ data: relationships ? { ...object, relationships } : object });
}

function analyse({ service: { world, origin } }: Asked, { kind, name }: Site) {
  return ok({ data: analysisDescriptor(origin, analyseSite(world, kind, name)) });
}
