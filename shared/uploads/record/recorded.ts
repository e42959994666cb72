/** What is recorded of a scan in short: the output of the playbook. */
import type { UploadRecord, UploadRecordRequest } from './record-schema.ts';

/** Without a report nothing is known, which is never clean. */
const withoutReport: Readonly<Record<UploadRecordRequest['outcome'], UploadRecord['verdict']>> = {
  reported: 'unknown',
  pending: 'pending',
  skipped: 'skipped',
  failed: 'unknown',
};

/** Puts a record together. */
export function recorded(request: UploadRecordRequest): UploadRecord {
  const { outcome, reason, scan_id, error, report } = request;
  const verdict = report?.verdict.value ?? withoutReport[outcome];
  return { outcome, verdict, reason, scan_id, error };
}
