/** Keeps a whole report in the report bucket, and gives it back in short. */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { compactReport } from '../shared/enrichment/compact-report.ts';
import { directStack } from '../shared/lambda/direct-stack.ts';
import { keepReportRequest } from '../shared/schemas/enrichment.ts';

const Bucket = process.env.REPORT_BUCKET;
if (!Bucket) throw new Error('bad environment: REPORT_BUCKET is missing');

const s3 = new S3Client({});
const work = { name: 'keep_report', input: keepReportRequest };

/** Handler of the step `KeepReport` of `EnrichIndicators`. */
export const handler = directStack(work, async ({ execution, index, type, report }) => {
  // Named by its place, so that a repetition replaces it and no indicator is in the name.
  const Key = `enrichments/${execution}/${String(index).padStart(3, '0')}-${type}.json`;
  const Body = JSON.stringify(report);
  await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json' }));
  return { ...compactReport(report), full_report: `s3://${Bucket}/${Key}` };
});
