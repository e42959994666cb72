/** Stores a full report, and returns it in short: the step `KeepReport` of `EnrichIndicators`. */
import { keepReportRequest } from '../shared/enrichment/schema.ts';
import { directHandler } from '../shared/lambda/direct-handler.ts';
import { createReportStore, keepReport } from '../shared/uploads/record/keep-report.ts';

const store = createReportStore(process.env);

export const handler = directHandler(
  { name: 'keep_report', input: keepReportRequest },
  (request, limits) => keepReport(store, request, limits),
);
