/** Analyses: how far they are. */
import { notFound, ok } from '../http/answer.ts';
import type { Asked, Route } from '../http/service.ts';
import { analysisAnswer } from '../objects/analysis-object.ts';

/** Routes of analyses. */
export const analysisRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v3/analyses/:id', handle: analysis },
];

/** An unknown id costs no quota. */
function analysis(asked: Asked) {
  const { id = '' } = asked.params;
  const { world, origin } = asked.service;
  const found = world.analyses.find(id);
  if (!found) throw notFound('Analysis', id);
  asked.charge();
  return ok(analysisAnswer(origin, world, found));
}
