/** URLs: submission and reports. */
import { notFound, ok, refuse } from '../http/answer.ts';
import type { Asked, Route } from '../http/service.ts';
import { analysisDescriptor } from '../objects/analysis-object.ts';
import { urlObject } from '../objects/url-object.ts';
import { canonicalOf } from '../world/canonical.ts';
import type { KnownUrl } from '../world/urls.ts';
import { verdictOfUrl } from '../world/world.ts';

/** Routes of URLs. */
export const urlRoutes: readonly Route[] = [
  { method: 'POST', path: '/api/v3/urls', handle: submit },
  { method: 'GET', path: '/api/v3/urls/:id', handle: report },
  { method: 'POST', path: '/api/v3/urls/:id/analyse', handle: analyse },
];

async function submit(asked: Asked) {
  asked.charge();
  if (!/^application\/x-www-form-urlencoded\b/i.test(asked.contentType)) {
    throw refuse('BadRequestError', 'Request is not a form');
  }
  const given = new URLSearchParams(await asked.body.text()).get('url');
  if (given === null) throw refuse('BadRequestError', 'Missing form field "url"');
  asked.record.submittedUrl = given;
  const url = canonicalOf(given);
  if (url === null) throw refuse('InvalidArgumentError', 'Unable to canonicalize url');
  const { world, origin } = asked.service;
  return ok({ data: analysisDescriptor(origin, world.urls.submit(url, verdictOfUrl(url))) });
}

function report(asked: Asked) {
  asked.charge();
  const { world, origin } = asked.service;
  const known = shown(asked);
  return ok({ data: urlObject(origin, known, world.urls.reportDateOf(known)) });
}

function analyse(asked: Asked) {
  asked.charge();
  const { world, origin } = asked.service;
  return ok({ data: analysisDescriptor(origin, world.urls.analyse(shown(asked).id)) });
}

/** The URL that is asked for, as far as it may be seen already. */
function shown({ service, params: { id = '' } }: Asked): KnownUrl {
  const { world, unfinished } = service;
  const known = world.urls.find(id);
  if (!known || (unfinished === 'absent' && world.urls.reportDateOf(known) === null)) {
    throw notFound('URL', id);
  }
  return known;
}
