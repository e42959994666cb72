/**
 * Records what became of an upload's scan: the report is kept, the record decided, the object tagged, what
 * is malicious put into quarantine, the event sent, and last the record marked as done.
 *
 * In this order, so that a crash loses nothing and a repetition changes nothing:
 *
 * - The report's key holds its digest: a second report of the same object does not replace the first. It is
 *   not even kept once there is a final record.
 * - Whoever begins the record first decides it; later ones finish that one, whatever they bring.
 * - Tags and quarantine keep their results, and come to the same when they are repeated before that.
 * - The event is sent until the record is marked: at least once, always with the same id.
 */
import { CLOCK_SKEW_MS, type Limits } from '../../limits.ts';
import type { UploadedObject } from '../events/uploaded-object.ts';
import type { BegunRecord, Records, StepName } from '../state/records.ts';
import { decide, stageOf } from './decide.ts';
import { quarantineObject } from './quarantine-object.ts';
import { digestOf, eventId, objectDigest, recordId } from './record-id.ts';
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

/** What recording works with. */
export interface RecordingServices extends ReportStore, EventTarget {
  readonly records: Records;
  /** Bucket that malicious objects are moved to. @default - they stay */
  readonly quarantineBucket?: string | undefined;
  /** Clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/**
 * Records an upload.
 *
 * @param request - from the playbook
 * @param object - of the request's event
 * @returns what is recorded: of this request, or of an earlier one
 * @throws UpstreamUnavailableError, UpstreamTimeoutError, ObjectAccessDeniedError when the report bucket
 * refuses the report
 */
export async function recordScan(
  services: RecordingServices,
  request: ScanOutcomeInput,
  object: UploadedObject,
  limits: Limits,
): Promise<VerdictEvent> {
  const earlier = request.report && (await services.records.findFinal(recordId(object), limits));
  const begun = earlier ?? (await begin(services, request, object, limits));
  const decision = verdictDecision.parse(JSON.parse(begun.decision));
  const detail = await act(services, begun, decision, limits);
  if (!begun.isRecorded) {
    await sendEvent(services, detail, limits);
    await services.records.finish(begun, limits);
  }
  return detail;
}

/** Keeps the report, decides, and begins the record, or finds the one that counts. */
async function begin(
  services: RecordingServices,
  request: ScanOutcomeInput,
  object: UploadedObject,
  limits: Limits,
): Promise<BegunRecord> {
  const now = (services.now ?? Date.now)();
  const report = await keepReport(services, request, object, limits);
  const id = eventId(object, stageOf(request));
  const ours = decide(request, { id, object, report, now });
  return services.records.begin(
    {
      id: recordId(object),
      about: aboutOf(object),
      decision: JSON.stringify(ours),
      decisionId: digestOf(ours),
      isFinal: ours.stage === 'final',
      until: limits.deadline + CLOCK_SKEW_MS,
    },
    limits,
  );
}

/** What is done to the object: each step once, unless its result could not be kept. */
async function act(
  { s3, records, quarantineBucket }: RecordingServices,
  begun: BegunRecord,
  decision: VerdictDecision,
  limits: Limits,
): Promise<VerdictEvent> {
  const once = async (step: StepName, act: () => Promise<object>): Promise<unknown> => {
    const kept = begun.results[step];
    if (kept !== undefined) return JSON.parse(kept);
    return JSON.parse(await records.keep(begun, step, JSON.stringify(await act()), limits));
  };
  const tags = tagsResult.parse(await once('tags', () => tagObject(s3, decision, limits)));
  const isMoved = quarantineBucket !== undefined && decision.verdict.value === 'malicious';
  if (!isMoved) return { ...decision, tags, quarantine: null };
  const move = () => quarantineObject({ s3, quarantineBucket }, decision, limits);
  return { ...decision, tags, quarantine: quarantineResult.parse(await once('quarantine', move)) };
}

/** @returns where the report is; null when there is none */
async function keepReport(
  services: RecordingServices,
  request: ScanOutcomeInput,
  object: UploadedObject,
  limits: Limits,
): Promise<VerdictDecision['report']> {
  const { report } = request;
  if (report === null) return null;
  const name = `${stageOf(request)}-${digestOf(report).slice(0, 16)}`;
  const key = `uploads/${objectDigest(object)}/${name}.json`;
  await writeReport(services, key, report, limits);
  return { bucket: services.reportBucket, key };
}

function aboutOf({ bucket, key, versionId, etag }: UploadedObject) {
  return { bucket, objectKey: key, versionId: versionId ?? '', etag: etag ?? '' };
}
