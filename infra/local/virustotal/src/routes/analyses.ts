/** Routes of analyses. */
import { notFound, ok } from '../http/answer.ts';
import type { ApiRequest, Route } from '../http/service.ts';
import { analysisAnswer } from '../objects/analysis-object.ts';

export const analysisRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v3/analyses/:id', handle: analysis },
];

/** An unknown id costs no quota. */
function analysis(request: ApiRequest) {
  const { id = '' } = request.params;
  const { world, origin } = request.service;
  const found = world.analyses.find(id);
  if (!found) throw notFound('Analysis', id);
  request.charge();
  return ok(analysisAnswer(origin, world, found));
}
