/** Keeps a whole report in the report bucket, and gives it back in short. */
import { createS3Client } from '../shared/aws/s3/s3-client.ts';
import { compactReport } from '../shared/enrichment/compact-report.ts';
import { keepReportRequest } from '../shared/enrichment/schema.ts';
import { parseEnvironment, requiredVariable } from '../shared/environment.ts';
import { directStack } from '../shared/lambda/direct-stack.ts';
import { writeReport } from '../shared/uploads/record/write-report.ts';

const config = parseEnvironment({ REPORT_BUCKET: requiredVariable }, process.env);
const reportBucket = config.REPORT_BUCKET;
const s3 = createS3Client(process.env);
const work = { name: 'keep_report', input: keepReportRequest };

/** Handler of the step `KeepReport` of `EnrichIndicators`. */
export const handler = directStack(work, async (request, limits) => {
  const { execution, index, type, report } = request;
  // Named by its place, so that a repetition replaces it and no indicator is in the name.
  const key = `enrichments/${execution}/${String(index).padStart(3, '0')}-${type}.json`;
  await writeReport({ s3, reportBucket }, key, report, limits);
  return { ...compactReport(report), full_report: `s3://${reportBucket}/${key}` };
});
