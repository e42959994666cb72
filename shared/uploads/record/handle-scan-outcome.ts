/** Records a request of the playbook, or of the rule on executions that failed. */
import type { Limits } from '../../limits.ts';
import { logger } from '../../logger.ts';
import { isUploadEvent, readEvent } from '../events/read-event.ts';
import type { UploadedObject } from '../events/uploaded-object.ts';
import { summaryOf } from './decide.ts';
import { type RecordingServices, recordScan } from './record-scan.ts';
import type { ScanOutcome, ScanOutcomeInput } from './scan-outcome.ts';
import type { VerdictEvent } from './verdict-event.ts';

/** The record in short: the output of the playbook. */
export interface RecordedScan extends ScanOutcome {
  /** Of the verdict, in words; empty without a report. */
  readonly reasons: VerdictEvent['verdict']['reasons'];
  /** Id of the event; null, as what follows, when the execution's event names no object. */
  readonly id: VerdictEvent['id'] | null;
  readonly report: VerdictEvent['report'];
  readonly tags: VerdictEvent['tags'] | null;
  readonly quarantine: VerdictEvent['quarantine'];
}

/**
 * Records a request, and says in the log what was recorded.
 *
 * @throws as `recordScan`
 */
export async function handleScanOutcome(
  services: RecordingServices,
  request: ScanOutcomeInput,
  limits: Limits,
): Promise<RecordedScan> {
  const object = objectOf(request.event);
  const { execution } = request;
  if (!object) {
    const record = summaryOf(request);
    logger.error('an execution ended whose event names no object', { execution, ...record });
    return { ...record, reasons: [], id: null, report: null, tags: null, quarantine: null };
  }
  const detail = await recordScan(services, request, object, limits);
  const { id, outcome, reason, error, scan_id, tags, quarantine, report } = detail;
  const record = { outcome, verdict: detail.verdict.value, reason, scan_id, error };
  logger.info('scan of an upload recorded', {
    execution,
    id,
    outcome,
    verdict: record.verdict,
    error: error?.name,
    tags: tags.status,
    quarantine: quarantine?.status,
  });
  return { ...record, reasons: detail.verdict.reasons, id, report, tags, quarantine };
}

/** The object of an event; null when it tells of none: an execution can be started with anything. */
function objectOf(event: unknown): UploadedObject | null {
  if (!isUploadEvent(event)) return null;
  try {
    const read = readEvent(event);
    return read.kind === 'object' ? read.record.object : null;
  } catch {
    return null;
  }
}
