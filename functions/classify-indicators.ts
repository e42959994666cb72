/** Tells the types of a mixed list of indicators. */
import { classifyList } from '../shared/enrichment/classify-list.ts';
import { enrichmentRequest } from '../shared/enrichment/schema.ts';
import { directStack } from '../shared/lambda/direct-stack.ts';

const work = { name: 'classify_indicators', input: enrichmentRequest };

/** Handler of the step `ClassifyIndicators` of `EnrichIndicators`. */
export const handler = directStack(work, async ({ indicators, details }) =>
  classifyList(indicators, details),
);
