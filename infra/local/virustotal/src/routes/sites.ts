/** Routes of IP addresses and domains: reports, rescans and relationships. */
import { notFound, ok } from '../http/answer.ts';
import type { ApiRequest, Route } from '../http/service.ts';
import { analysisDescriptor } from '../objects/analysis-object.ts';
import { domainObject } from '../objects/domain-object.ts';
import { ipObject } from '../objects/ip-object.ts';
import { sampleOf } from '../world/samples.ts';
import { analyseSite } from '../world/world.ts';
import { relationshipRoutes, withRelationships } from './relationships.ts';
import { type Site, siteOf } from './site-name.ts';

export const siteRoutes: readonly Route[] = [
  ...routesOf('ip_address', '/api/v3/ip_addresses/:id'),
  ...routesOf('domain', '/api/v3/domains/:id'),
];

function routesOf(kind: Site['kind'], path: string): readonly Route[] {
  return [
    { method: 'GET', path, handle: (request) => report(request, chargedSite(request, kind)) },
    {
      method: 'POST',
      path: `${path}/analyse`,
      handle: (request) => analyse(request, chargedSite(request, kind)),
    },
    ...relationshipRoutes(kind, (request) => {
      const { name } = chargedSite(request, kind);
      return { kind, id: name };
    }),
  ];
}

function chargedSite(request: ApiRequest, kind: Site['kind']): Site {
  request.charge();
  const site = siteOf(kind, request.params.id ?? '');
  if (sampleOf(site.kind, site.name) === 'unknown') {
    throw notFound(kind === 'domain' ? 'Domain' : 'IP address', site.name);
  }
  return site;
}

function report(request: ApiRequest, { kind, name }: Site) {
  const { world, origin } = request.service;
  const show = kind === 'domain' ? domainObject : ipObject;
  return ok({ data: withRelationships(request, { kind, id: name }, show(origin, world, name)) });
}

function analyse({ service: { world, origin } }: ApiRequest, { kind, name }: Site) {
  return ok({ data: analysisDescriptor(origin, analyseSite(world, kind, name)) });
}
