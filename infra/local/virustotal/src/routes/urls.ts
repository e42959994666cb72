/** Routes of URLs: submission and reports. */
import { notFound, ok, refuse } from '../http/answer.ts';
import { receiveField } from '../http/form.ts';
import type { ApiRequest, Route } from '../http/service.ts';
import { analysisDescriptor } from '../objects/analysis-object.ts';
import { urlObject } from '../objects/url-object.ts';
import { canonicalOf } from '../world/canonical.ts';
import type { KnownUrl } from '../world/urls.ts';
import { verdictOfUrl } from '../world/world.ts';
import { relationshipRoutes, withRelationships } from './relationships.ts';

export const urlRoutes: readonly Route[] = [
  { method: 'POST', path: '/api/v3/urls', handle: submit },
  { method: 'GET', path: '/api/v3/urls/:id', handle: report },
  { method: 'POST', path: '/api/v3/urls/:id/analyse', handle: analyse },
  ...relationshipRoutes('url', (request) => ({ kind: 'url', id: charged(request).id })),
];

async function submit(request: ApiRequest) {
  request.charge();
  const submittedUrl = await receiveField(request.body, request.contentType, 'url');
  request.record.submittedUrl = submittedUrl;
  const url = canonicalOf(submittedUrl);
  if (url === null) throw refuse('InvalidArgumentError', 'Unable to canonicalize url');
  const { world, origin } = request.service;
  return ok({ data: analysisDescriptor(origin, world.urls.submit(url, verdictOfUrl(url))) });
}

function report(request: ApiRequest) {
  const { world, origin } = request.service;
  const known = charged(request);
  const object = urlObject(origin, known, world.urls.reportDateOf(known));
  return ok({ data: withRelationships(request, { kind: 'url', id: known.id }, object) });
}

function analyse(request: ApiRequest) {
  const { world, origin } = request.service;
  return ok({ data: analysisDescriptor(origin, world.urls.analyse(charged(request).id)) });
}

/** Charges the request, and returns its URL. @throws Refusal 404 if it is unknown or not visible yet */
function charged(request: ApiRequest): KnownUrl {
  request.charge();
  const { id = '' } = request.params;
  const { world, unfinished } = request.service;
  const known = world.urls.find(id);
  if (!known || (unfinished === 'absent' && world.urls.reportDateOf(known) === null)) {
    throw notFound('URL', id);
  }
  return known;
}
