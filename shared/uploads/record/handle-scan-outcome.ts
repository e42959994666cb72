/** Handles the outcome of a scan, from the playbook or from the rule on failed executions. */
import type { Limits } from '../../limits.ts';
import { logger } from '../../logger.ts';
import { isUploadEvent, readEvent } from '../events/read-event.ts';
import type { UploadedObject } from '../events/uploaded-object.ts';
import { summaryOf } from './decide.ts';
import type { RecordVerdictInput } from './ended-execution.ts';
import { type RecordingServices, recordScan } from './record-scan.ts';
import type { ScanOutcome, ScanOutcomeInput } from './scan-outcome.ts';
import type { VerdictEvent } from './verdict-event.ts';
import { type ExecutionServices, verifyOutcome } from './verify-outcome.ts';

/** Summary of a recorded scan: the output of the playbook. */
export interface RecordedScan extends ScanOutcome {
  /** Reasons of the verdict, in words; empty without a report. */
  readonly reasons: VerdictEvent['verdict']['reasons'];
  /** Id of the event; null, like the following fields, if the execution's event contains no object. */
  readonly id: VerdictEvent['id'] | null;
  readonly report: VerdictEvent['report'];
  readonly tags: VerdictEvent['tags'] | null;
  readonly quarantine: VerdictEvent['quarantine'];
}

/**
 * Verifies and records a scan's outcome, and logs what was recorded.
 *
 * @returns null if nothing was recorded, because the execution was redriven and will record its own outcome
 * @throws the errors of `verifyOutcome`, before anything is done, and of `recordScan`
 */
export async function handleScanOutcome(
  services: RecordingServices & ExecutionServices,
  input: RecordVerdictInput,
  limits: Limits,
): Promise<RecordedScan | null> {
  const outcome = await verifyOutcome(services, input, limits);
  return outcome && recordVerified(services, outcome, limits);
}

async function recordVerified(
  services: RecordingServices,
  input: ScanOutcomeInput,
  limits: Limits,
): Promise<RecordedScan> {
  const object = objectOf(input.event);
  const { execution } = input;
  if (!object) {
    const summary = summaryOf(input);
    logger.error('no object in the event of an execution', { execution, ...summary });
    return { ...summary, reasons: [], id: null, report: null, tags: null, quarantine: null };
  }
  const event = await recordScan(services, input, object, limits);
  const { id, outcome, reason, error, scan_id, tags, quarantine, report } = event;
  const summary = { outcome, verdict: event.verdict.value, reason, scan_id, error };
  logger.info('scan of an upload recorded', {
    execution,
    id,
    outcome,
    verdict: summary.verdict,
    error: error?.name,
    tags: tags.status,
    quarantine: quarantine?.status,
  });
  return { ...summary, reasons: event.verdict.reasons, id, report, tags, quarantine };
}

/** Returns the object of an event; null without one, since an execution can be started with any input. */
function objectOf(event: unknown): UploadedObject | null {
  if (!isUploadEvent(event)) return null;
  try {
    const read = readEvent(event);
    return read.kind === 'object' ? read.notice.object : null;
  } catch {
    return null;
  }
}
