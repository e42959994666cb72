/** From what a playbook has recorded to what is said of the object: decided once, before anything is done. */
import * as z from 'zod/mini';
import { detection } from '../../verdict/verdict-schema.ts';
import type { UploadedObject } from '../events/uploaded-object.ts';
import type { ScanOutcome, ScanOutcomeInput } from './scan-outcome.ts';
import { type CompactVerdict, compactVerdict, type VerdictDecision } from './verdict-event.ts';

const MAX_REASONS = 5;
const MAX_ENGINES = 50;
/** Longest text that others have written, characters. */
const MAX_TEXT = 1_000;
const MAX_LABEL = 100;

const orNull = <T extends z.ZodMiniType>(field: T) => z._default(z.nullable(field), null);
const text = orNull(z.string());

/** What is read of a report; a playbook that was changed may leave out what it does not need. */
const summary = z.object({
  scan_id: text,
  scan_date: text,
  permalink: text,
  verdict: z.object({
    reasons: z._default(z.array(z.string()), []),
    engines: z._default(z.array(detection), []),
    ratio: z._default(compactVerdict.shape.ratio, null),
    report_age: orNull(z.int()),
    allowed_because: text,
    policy: orNull(z.object({ name: z.string() })),
  }),
});

/** What is known of the record besides the request. */
export interface DecisionContext {
  /** Of the event. */
  readonly id: string;
  readonly object: UploadedObject;
  /** Where the full report is. */
  readonly report: VerdictDecision['report'];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Without a report nothing is known, which is never clean. */
const withoutReport: Readonly<Record<ScanOutcomeInput['outcome'], ScanOutcome['verdict']>> = {
  reported: 'unknown',
  pending: 'pending',
  skipped: 'skipped',
  failed: 'unknown',
};

/** Puts a record together. */
export function summaryOf(request: ScanOutcomeInput): ScanOutcome {
  const { outcome, reason, scan_id, error, report } = request;
  const verdict = report?.verdict.value ?? withoutReport[outcome];
  return { outcome, verdict, reason, scan_id, error };
}

/**
 * Which outcome may be followed by another: one that is not known yet, because the analysis takes long,
 * VirusTotal knows too little, or the scan failed and can be started again.
 */
export function stageOf(request: ScanOutcomeInput): VerdictDecision['stage'] {
  const { verdict } = summaryOf(request);
  return verdict === 'pending' || verdict === 'unknown' ? 'provisional' : 'final';
}

/** Decides what is said of an object. */
export function decide(request: ScanOutcomeInput, context: DecisionContext): VerdictDecision {
  const { id, object, report, now } = context;
  const { outcome, reason, error, receipt, execution } = request;
  const read = request.report === null ? null : summary.parse(request.report);
  const scanId = read?.scan_id ?? request.scan_id;
  return {
    schema_version: '1',
    id,
    stage: stageOf(request),
    object: {
      bucket: object.bucket,
      key: object.key,
      version_id: object.versionId,
      etag: object.etag,
      size: object.size,
      sequencer: object.sequencer,
    },
    outcome,
    reason: reason && cut(reason, MAX_TEXT),
    error: error && { name: cut(error.name, MAX_LABEL), message: cut(error.message, MAX_TEXT) },
    verdict: verdictOf(request, read),
    scan_id: scanId,
    scanned_at: read?.scan_date ? `${read.scan_date.replace(' ', 'T')}Z` : null,
    digests: {
      md5: receipt?.md5 ?? null,
      sha1: receipt?.sha1 ?? null,
      sha256: receipt?.sha256 ?? null,
    },
    permalink: read?.permalink ?? null,
    report,
    execution,
    recorded_at: new Date(now).toISOString(),
  };
}

function verdictOf(
  request: ScanOutcomeInput,
  read: z.infer<typeof summary> | null,
): CompactVerdict {
  const { verdict: value } = summaryOf(request);
  if (!read) {
    return {
      value,
      reasons: [],
      engines: [],
      ratio: null,
      report_age: null,
      allowed_because: null,
      policy: null,
    };
  }
  const { reasons, engines, policy, ...verdict } = read.verdict;
  return {
    ...verdict,
    value,
    reasons: reasons.slice(0, MAX_REASONS).map((reason) => cut(reason, MAX_TEXT)),
    engines: engines.slice(0, MAX_ENGINES).map(({ engine, category, label }) => ({
      engine: cut(engine, MAX_LABEL),
      category,
      label: label && cut(label, MAX_LABEL),
    })),
    policy: policy?.name ?? null,
  };
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 3)}...` : text;
}
