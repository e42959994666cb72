/** Relationships: related objects, complete, as descriptors, or inline. */
import { errorAnswer, ok, Refusal, refuse } from '../http/answer.ts';
import type { ApiRequest, Route } from '../http/service.ts';
import { API_PATH, collections, linkTo } from '../objects/links.ts';
import { objectOf } from '../objects/object-of.ts';
import { type Related, relatedTo } from '../world/relations.ts';
import { type Relationship, relationshipOf, type Subject } from '../world/relationships.ts';
import { cut, limitOf, type Page, pageOf } from './page.ts';

/** Size limit of an inline list. */
const INLINE_LIMIT = 20;

/**
 * Returns the routes `GET /{collection}/{id}/{relationship}` and `.../relationships/{relationship}`.
 *
 * @param find - charges the request and returns its object
 */
export function relationshipRoutes(
  kind: Subject['kind'],
  find: (request: ApiRequest) => Subject,
): readonly Route[] {
  const path = `${API_PATH}/${collections[kind]}/:id`;
  return [
    {
      method: 'GET',
      path: `${path}/:relationship`,
      handle: (request) => relationshipAnswer(request, find(request), 'objects'),
    },
    {
      method: 'GET',
      path: `${path}/relationships/:relationship`,
      handle: (request) => relationshipAnswer(request, find(request), 'descriptors'),
    },
  ];
}

function relationshipAnswer(
  request: ApiRequest,
  subject: Subject,
  form: 'objects' | 'descriptors',
) {
  const { world, origin } = request.service;
  const name = request.params.relationship ?? '';
  const relationship = known(subject, name);
  if (isForbidden(request, relationship)) throw new Refusal(forbidden);
  const related = relatedTo(world, subject, name);
  const show = form === 'objects' ? complete : descriptor;
  const path = form === 'objects' ? [name] : ['relationships', name];
  const self = linkTo(origin, collections[subject.kind], subject.id, ...path);
  if (relationship.isToOne) {
    return ok({ data: related[0] ? show(request, related[0]) : null, links: { self } });
  }
  const page = pageOf(related, request.query);
  const data = page.items.map((item) => show(request, item));
  return ok({ data, ...surroundings(page, self, limitOf(request.query)) });
}

/** Adds what `?relationships=a,b` asks for: at most 20 descriptors each, at the price of one request. */
export function withRelationships<Shown extends object>(
  request: ApiRequest,
  subject: Subject,
  object: Shown,
) {
  const names = request.query.get('relationships')?.split(',').filter(Boolean);
  if (!names?.length) return object;
  const lists = names.map((name) => [name, inline(request, subject, name)]);
  return { ...object, relationships: Object.fromEntries(lists) };
}

/**
 * Returns a relationship in its inline form. One that needs a premium key has its error in place of its data,
 * as related objects that are missing have. No recording shows this, but clients ask for public and premium ones
 * together.
 */
function inline(request: ApiRequest, subject: Subject, name: string) {
  const { world, origin } = request.service;
  const relationship = known(subject, name);
  if (isForbidden(request, relationship)) return forbidden.json;
  const path = [collections[subject.kind], subject.id] as const;
  const self = linkTo(origin, ...path, 'relationships', name);
  const related = linkTo(origin, ...path, name);
  const all = relatedTo(world, subject, name);
  if (relationship.isToOne) {
    return { data: all[0] ? descriptor(request, all[0]) : null, links: { self, related } };
  }
  const page = cut(all, 0, INLINE_LIMIT);
  const { links, meta } = surroundings(page, self, INLINE_LIMIT);
  const data = page.items.map((item) => descriptor(request, item));
  return { data, links: { ...links, related }, meta };
}

/** The last page has neither a cursor nor a next link. */
function surroundings({ cursor }: Page<unknown>, self: string, limit: number) {
  const next = cursor && `${self}?cursor=${encodeURIComponent(cursor)}&limit=${limit}`;
  return {
    links: { self: `${self}?limit=${limit}`, ...(next ? { next } : {}) },
    ...(cursor ? { meta: { cursor } } : {}),
  };
}

function known({ kind }: Subject, name: string): Relationship {
  const relationship = relationshipOf(kind, name);
  if (relationship) return relationship;
  throw refuse('InvalidArgumentError', `Relationship "${name}" does not exist`);
}

const forbidden = errorAnswer(
  'ForbiddenError',
  'You are not authorized to perform the requested operation',
);

function isForbidden({ account }: ApiRequest, { isPremium }: Relationship): boolean {
  return isPremium && account.tier === 'public';
}

/** Descriptors of URLs have the URL, too, because it does not follow from the id. */
function descriptor({ service }: ApiRequest, { kind: type, id }: Related) {
  const url = type === 'url' ? service.world.urls.find(id)?.url : undefined;
  return { type, id, ...(url === undefined ? {} : { context_attributes: { url } }) };
}

/** Deleted objects are listed, too, with an error instead of attributes. */
function complete({ service }: ApiRequest, { kind: type, id, isDeleted }: Related) {
  const object = isDeleted ? undefined : objectOf(service.origin, service.world, type, id);
  const message = `${type} ${id} not found`;
  return object ?? { type, id, error: { code: 'NotFoundError', message } };
}
