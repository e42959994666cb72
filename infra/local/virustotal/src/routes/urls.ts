/** Routes of URLs: submission and reports. */
import { notFound, ok, refuse } from '../http/answer.ts';
import type { ApiRequest, Route } from '../http/service.ts';
import { analysisDescriptor } from '../objects/analysis-object.ts';
import { urlObject } from '../objects/url-object.ts';
import { canonicalOf } from '../world/canonical.ts';
import type { KnownUrl } from '../world/urls.ts';
import { verdictOfUrl } from '../world/world.ts';

export const urlRoutes: readonly Route[] = [
  { method: 'POST', path: '/api/v3/urls', handle: submit },
  { method: 'GET', path: '/api/v3/urls/:id', handle: report },
  { method: 'POST', path: '/api/v3/urls/:id/analyse', handle: analyse },
];

async function submit(request: ApiRequest) {
  request.charge();
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.contentType)) {
    throw refuse('BadRequestError', 'Request is not a form');
  }
  const submittedUrl = new URLSearchParams(await request.body.text()).get('url');
  if (submittedUrl === null) throw refuse('BadRequestError', 'Missing form field "url"');
  request.record.submittedUrl = submittedUrl;
  const url = canonicalOf(submittedUrl);
  if (url === null) throw refuse('InvalidArgumentError', 'Unable to canonicalize url');
  const { world, origin } = request.service;
  return ok({ data: analysisDescriptor(origin, world.urls.submit(url, verdictOfUrl(url))) });
}

function report(request: ApiRequest) {
  request.charge();
  const { world, origin } = request.service;
  const known = visibleUrl(request);
  return ok({ data: urlObject(origin, known, world.urls.reportDateOf(known)) });
}

function analyse(request: ApiRequest) {
  request.charge();
  const { world, origin } = request.service;
  return ok({ data: analysisDescriptor(origin, world.urls.analyse(visibleUrl(request).id)) });
}

/** Returns the requested URL. @throws Refusal 404 if it is unknown or not visible yet */
function visibleUrl({ service, params: { id = '' } }: ApiRequest): KnownUrl {
  const { world, unfinished } = service;
  const known = world.urls.find(id);
  if (!known || (unfinished === 'absent' && world.urls.reportDateOf(known) === null)) {
    throw notFound('URL', id);
  }
  return known;
}
