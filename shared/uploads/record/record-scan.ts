/**
 * Records the outcome of an upload's scan: stores the report, decides, tags the object, quarantines it if it
 * is malicious, sends the event, and finally marks the record as done.
 *
 * In this order a crash loses nothing and a retry changes nothing:
 *
 * - The report's key contains its digest: a second report of the same object does not replace the first. Once
 *   there is a final record, it is not even stored.
 * - The first attempt to begin the record decides; later ones finish that record, whatever they bring.
 * - Tags and quarantine keep their results, and until then give the same result when repeated.
 * - The event is sent until the record is marked: at least once, always with the same id.
 */
import { CLOCK_SKEW_MS, type Limits } from '../../limits.ts';
import { sha256OfJson } from '../../sha256.ts';
import type { UploadedObject } from '../events/uploaded-object.ts';
import { eventId, itemLabels, objectDigest, recordId } from '../state/object-ids.ts';
import type { BegunRecord, StepName } from '../state/record-item.ts';
import type { Records } from '../state/records.ts';
import { decide, stageOf } from './decide.ts';
import { quarantineObject } from './quarantine-object.ts';
import type { ScanOutcomeInput } from './scan-outcome.ts';
import { type EventTarget, sendEvent } from './send-event.ts';
import { tagObject } from './tag-object.ts';
import {
  quarantineResult,
  tagsResult,
  type VerdictDecision,
  type VerdictEvent,
  verdictDecision,
} from './verdict-event.ts';
import { type ReportStore, writeReport } from './write-report.ts';

/** What recording needs. */
export interface RecordingServices extends ReportStore, EventTarget {
  readonly records: Records;
  /** Bucket that malicious objects are moved to. @default they stay where they are */
  readonly quarantineBucket?: string | undefined;
  /** Clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/**
 * Records a scan's outcome.
 *
 * @param object - of the input's event
 * @returns what is recorded: this outcome, or an earlier one
 * @throws UpstreamUnavailableError, UpstreamTimeoutError, ObjectAccessDeniedError if the report bucket
 * refuses the report
 */
export async function recordScan(
  services: RecordingServices,
  input: ScanOutcomeInput,
  object: UploadedObject,
  limits: Limits,
): Promise<VerdictEvent> {
  const earlier = input.report && (await services.records.findFinal(recordId(object), limits));
  const record = earlier ?? (await beginRecord(services, input, object, limits));
  const decision = verdictDecision.parse(JSON.parse(record.decision));
  const event = await act(services, record, decision, limits);
  if (!record.isRecorded) {
    await sendEvent(services, event, limits);
    await services.records.finish(record, limits);
  }
  return event;
}

/** Stores the report, decides, and begins the record, or finds the one that counts. */
async function beginRecord(
  services: RecordingServices,
  input: ScanOutcomeInput,
  object: UploadedObject,
  limits: Limits,
): Promise<BegunRecord> {
  const now = (services.now ?? Date.now)();
  const report = await storeReport(services, input, object, limits);
  const id = eventId(object, stageOf(input));
  const decision = decide(input, { id, object, report, now });
  return services.records.begin(
    {
      id: recordId(object),
      labels: itemLabels(object),
      decision: JSON.stringify(decision),
      decisionId: sha256OfJson(decision),
      isFinal: decision.stage === 'final',
      until: limits.deadline + CLOCK_SKEW_MS,
    },
    limits,
  );
}

/** Tags and quarantines the object: each step once, unless its result could not be kept. */
async function act(
  { s3, records, quarantineBucket }: RecordingServices,
  record: BegunRecord,
  decision: VerdictDecision,
  limits: Limits,
): Promise<VerdictEvent> {
  const once = async (step: StepName, run: () => Promise<object>): Promise<unknown> => {
    const kept = record.results[step];
    if (kept !== undefined) return JSON.parse(kept);
    return JSON.parse(await records.keep(record, step, JSON.stringify(await run()), limits));
  };
  const tags = tagsResult.parse(await once('tags', () => tagObject(s3, decision, limits)));
  const isMoved = quarantineBucket !== undefined && decision.verdict.value === 'malicious';
  if (!isMoved) return { ...decision, tags, quarantine: null };
  const move = () => quarantineObject({ s3, quarantineBucket }, decision, limits);
  return { ...decision, tags, quarantine: quarantineResult.parse(await once('quarantine', move)) };
}

/** @returns where the report is; null without a report */
async function storeReport(
  services: RecordingServices,
  input: ScanOutcomeInput,
  object: UploadedObject,
  limits: Limits,
): Promise<VerdictDecision['report']> {
  const { report } = input;
  if (report === null) return null;
  const name = `${stageOf(input)}-${sha256OfJson(report).slice(0, 16)}`;
  const key = `uploads/${objectDigest(object)}/${name}.json`;
  await writeReport(services, key, report, limits);
  return { bucket: services.reportBucket, key };
}
