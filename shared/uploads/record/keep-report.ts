/** Stores the full reports of the playbook `EnrichIndicators`. */
import { createS3Client } from '../../aws/s3/s3-client.ts';
import { type CompactReport, compactReport } from '../../enrichment/compact-report.ts';
import type { KeepReportRequest } from '../../enrichment/schema.ts';
import { type Environment, parseEnvironment, requiredVariable } from '../../environment.ts';
import type { Limits } from '../../limits.ts';
import { type ReportStore, writeReport } from './write-report.ts';

/** Creates the store. @throws Error if the bucket's variable is not set */
export function createReportStore(environment: Environment): ReportStore {
  const config = parseEnvironment({ REPORT_BUCKET: requiredVariable }, environment);
  return { s3: createS3Client(environment), reportBucket: config.REPORT_BUCKET };
}

/**
 * Stores a report, and returns it in short with its address. The key is the position in the list, so that a
 * retry replaces the object, and no key contains an indicator.
 */
export async function keepReport(
  store: ReportStore,
  { execution, index, type, report }: KeepReportRequest,
  limits: Limits,
): Promise<CompactReport> {
  const key = `enrichments/${execution}/${String(index).padStart(3, '0')}-${type}.json`;
  await writeReport(store, key, report, limits);
  return { ...compactReport(report), full_report: `s3://${store.reportBucket}/${key}` };
}
