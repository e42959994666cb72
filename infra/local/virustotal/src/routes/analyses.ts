/** Routes of analyses. */
import { notFound, ok } from '../http/answer.ts';
import type { ApiRequest, Route } from '../http/service.ts';
import { analysisAnswer } from '../objects/analysis-object.ts';
import type { Analysis } from '../world/analyses.ts';
import { relationshipRoutes, withRelationships } from './relationships.ts';

export const analysisRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v3/analyses/:id', handle: report },
  ...relationshipRoutes('analysis', (request) => ({ kind: 'analysis', id: charged(request).id })),
];

function report(request: ApiRequest) {
  const { world, origin } = request.service;
  const analysis = charged(request);
  const { data, meta } = analysisAnswer(origin, world, analysis);
  const subject = { kind: 'analysis', id: analysis.id } as const;
  return ok({ data: withRelationships(request, subject, data), meta });
}

/** An unknown id costs no quota. */
function charged(request: ApiRequest): Analysis {
  const { id = '' } = request.params;
  const found = request.service.world.analyses.find(id);
  if (!found) throw notFound('Analysis', id);
  request.charge();
  return found;
}
