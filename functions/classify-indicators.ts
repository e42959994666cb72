/** Finds the type of every indicator in a list: the step `ClassifyIndicators` of `EnrichIndicators`. */
import { classifyList } from '../shared/enrichment/classify-list.ts';
import { enrichmentRequest } from '../shared/enrichment/schema.ts';
import { directHandler } from '../shared/lambda/direct-handler.ts';

export const handler = directHandler(
  { name: 'classify_indicators', input: enrichmentRequest },
  async ({ indicators, ...options }) => classifyList(indicators, options),
);
