/** Relationships: lists of related objects, complete, as descriptors, or inline. */
import { ok, refuse } from '../http/answer.ts';
import type { ApiRequest } from '../http/service.ts';
import { domainObject } from '../objects/domain-object.ts';
import { fileObject } from '../objects/file-object.ts';
import { linkTo } from '../objects/links.ts';
import { urlObject } from '../objects/url-object.ts';
import { type Related, relatedTo, relationships } from '../world/relations.ts';
import { cut, limitOf, type Page, pageOf } from './page.ts';
import type { Site } from './site-name.ts';

/** Size limit of an inline list. */
const INLINE_LIMIT = 20;

const collections = { ip_address: 'ip_addresses', domain: 'domains' } as const;

/** Answers `GET /{collection}/{id}/{relationship}` and `.../relationships/{relationship}`. */
export function relationshipPage(request: ApiRequest, site: Site, form: 'objects' | 'descriptors') {
  const { world, origin } = request.service;
  const name = request.params.relationship ?? '';
  const { type } = allowed(request, site, name);
  const page = pageOf(relatedTo(world, site.kind, site.name, name), request.query);
  const segments = form === 'objects' ? [name] : ['relationships', name];
  const self = linkTo(origin, collections[site.kind], site.name, ...segments);
  const show = (related: Related) =>
    form === 'objects' ? objectOf(request, type, related) : { type, id: related.id };
  return ok({ data: page.items.map(show), ...surroundings(page, self, limitOf(request.query)) });
}

/** Returns the lists for `?relationships=a,b`: at most 20 descriptors each, at the price of one request. */
export function inlineRelationships(request: ApiRequest, site: Site) {
  const names = request.query.get('relationships')?.split(',').filter(Boolean);
  if (!names?.length) return undefined;
  const lists = names.map((name) => {
    const { type } = allowed(request, site, name);
    const { world, origin } = request.service;
    const page = cut(relatedTo(world, site.kind, site.name, name), 0, INLINE_LIMIT);
    const data = page.items.map(({ id }) => ({ type, id }));
    const path = [collections[site.kind], site.name];
    const { links, meta } = surroundings(
      page,
      linkTo(origin, ...path, 'relationships', name),
      INLINE_LIMIT,
    );
    return [name, { data, links: { ...links, related: linkTo(origin, ...path, name) }, meta }];
  });
  return Object.fromEntries(lists);
}

/** The last page has neither a cursor nor a next link. */
function surroundings({ cursor }: Page<unknown>, self: string, limit: number) {
  const next = cursor && `${self}?cursor=${encodeURIComponent(cursor)}&limit=${limit}`;
  return {
    links: { self: `${self}?limit=${limit}`, ...(next ? { next } : {}) },
    ...(cursor ? { meta: { cursor } } : {}),
  };
}

function allowed({ account }: ApiRequest, { kind }: Site, name: string) {
  const known = relationships[kind];
  const relationship = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!relationship) {
    throw refuse('InvalidArgumentError', `Relationship "${name}" does not exist`);
  }
  if (relationship.isPremium && account.tier === 'public') {
    throw refuse('ForbiddenError', 'You are not authorized to perform the requested operation');
  }
  return relationship;
}

/** Deleted objects are listed, too, with an error instead of attributes. */
function objectOf(
  { service }: ApiRequest,
  type: 'file' | 'url' | 'domain',
  { id, isDeleted }: Related,
) {
  const { world, origin } = service;
  if (isDeleted) {
    return { type, id, error: { code: 'NotFoundError', message: `${type} ${id} not found` } };
  }
  if (type === 'domain') return domainObject(origin, world, id);
  const file = type === 'file' ? world.files.find(id) : undefined;
  if (file) return fileObject(origin, file, world.files.reportDateOf(file));
  const url = world.urls.find(id);
  return url ? urlObject(origin, url, world.urls.reportDateOf(url)) : { type, id };
}
