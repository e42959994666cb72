/** Decides, before anything is done, what is recorded of an object. Pure. */
import * as z from 'zod/mini';
import type { ErrorName } from '../../errors.ts';
import { ellipsis } from '../../schema/ellipsis.ts';
import { detection } from '../../verdict/verdict-schema.ts';
import type { UploadedObject } from '../events/uploaded-object.ts';
import type { ScanOutcome, ScanOutcomeInput } from './scan-outcome.ts';
import { type CompactVerdict, compactVerdict, type VerdictDecision } from './verdict-event.ts';

const MAX_REASONS = 5;
const MAX_ENGINES = 50;
/** Longest foreign text, characters. */
const MAX_TEXT = 1_000;
const MAX_LABEL = 100;

const orNull = <T extends z.ZodMiniType>(field: T) => z._default(z.nullable(field), null);
const textOrNull = orNull(z.string());

/** The fields of a report that are read; an edited playbook may leave out what it does not need. */
const reportFields = z.object({
  scan_id: textOrNull,
  scan_date: textOrNull,
  permalink: textOrNull,
  verdict: z.object({
    reasons: z._default(z.array(z.string()), []),
    engines: z._default(z.array(detection), []),
    ratio: z._default(compactVerdict.shape.ratio, null),
    report_age: orNull(z.int()),
    allowed_because: textOrNull,
    policy: orNull(z.object({ name: z.string() })),
  }),
});

type ReportFields = z.infer<typeof reportFields>;

/** What a decision needs besides the scan's outcome. */
export interface DecisionContext {
  /** Id of the event. */
  readonly id: string;
  readonly object: UploadedObject;
  /** Where the full report is. */
  readonly report: VerdictDecision['report'];
  /** Epoch milliseconds. */
  readonly now: number;
}

const DENIED: ErrorName = 'ObjectAccessDeniedError';

/** Verdicts without a report: nothing is known, which is never clean. */
const verdictWithoutReport: Readonly<Record<ScanOutcome['outcome'], ScanOutcome['verdict']>> = {
  reported: 'unknown',
  pending: 'pending',
  skipped: 'skipped',
  failed: 'unknown',
};

/** Summarises a scan's outcome. */
export function summaryOf(input: ScanOutcomeInput): ScanOutcome {
  const { outcome, reason, scan_id, error, report } = input;
  const verdict = report?.verdict.value ?? verdictWithoutReport[outcome];
  return { outcome, verdict, reason, scan_id, error };
}

/**
 * Returns whether another outcome may follow: the analysis takes long, VirusTotal knows too little, the scan failed
 * and can be started again, or access to the object can be granted.
 */
export function stageOf(input: ScanOutcomeInput): VerdictDecision['stage'] {
  const { verdict, error } = summaryOf(input);
  const isDenied = verdict === 'skipped' && error?.name === DENIED;
  return isDenied || verdict === 'pending' || verdict === 'unknown' ? 'provisional' : 'final';
}

/** Decides what is recorded of an object. */
export function decide(input: ScanOutcomeInput, context: DecisionContext): VerdictDecision {
  const { id, object, report, now } = context;
  const { outcome, reason, error, receipt, execution } = input;
  const fields = input.report === null ? null : reportFields.parse(input.report);
  return {
    schema_version: '1',
    id,
    stage: stageOf(input),
    object: {
      bucket: object.bucket,
      key: object.key,
      version_id: object.versionId,
      etag: object.etag,
      size: object.size,
      sequencer: object.sequencer,
    },
    outcome,
    reason: reason && ellipsis(reason, MAX_TEXT),
    error: error && {
      name: ellipsis(error.name, MAX_LABEL),
      message: ellipsis(error.message, MAX_TEXT),
    },
    verdict: verdictOf(input, fields),
    scan_id: fields?.scan_id ?? input.scan_id,
    scanned_at: fields?.scan_date ? `${fields.scan_date.replace(' ', 'T')}Z` : null,
    digests: {
      md5: receipt?.md5 ?? null,
      sha1: receipt?.sha1 ?? null,
      sha256: receipt?.sha256 ?? null,
    },
    permalink: fields?.permalink ?? null,
    report,
    execution,
    recorded_at: new Date(now).toISOString(),
  };
}

const emptyVerdict = {
  reasons: [],
  engines: [],
  ratio: null,
  report_age: null,
  allowed_because: null,
  policy: null,
};

function verdictOf(input: ScanOutcomeInput, fields: ReportFields | null): CompactVerdict {
  const { verdict: value } = summaryOf(input);
  if (!fields) return { value, ...emptyVerdict };
  const { reasons, engines, policy, ...verdict } = fields.verdict;
  return {
    ...verdict,
    value,
    reasons: reasons.slice(0, MAX_REASONS).map((reason) => ellipsis(reason, MAX_TEXT)),
    engines: engines.slice(0, MAX_ENGINES).map(({ engine, category, label }) => ({
      engine: ellipsis(engine, MAX_LABEL),
      category,
      label: label && ellipsis(label, MAX_LABEL),
    })),
    policy: policy?.name ?? null,
  };
}
