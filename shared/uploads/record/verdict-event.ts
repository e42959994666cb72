/** Detail of the event `VirusTotal Verdict`; docs/verdict-event.md explains it. */
import * as z from 'zod/mini';
import { nullableCount, nullableText } from '../../schema/fields/output.ts';
import { detection, verdictValue } from '../../verdict/verdict-schema.ts';
import { namedError, scanOutcomeKind } from './scan-outcome.ts';

/** Source of the event. */
export const VERDICT_EVENT_SOURCE = 'virustotal-connector';
/** Type of the event. */
export const VERDICT_EVENT_TYPE = 'VirusTotal Verdict';

const place = z.object({
  bucket: z.string().check(z.describe('Name of the bucket.')),
  key: z.string().check(z.describe('Key, raw.')),
});

/** What became of the object's tags. */
export const tagsResult = z.object({
  status: z
    .enum(['written', 'partly', 'no-room', 'changed', 'gone', 'denied'])
    .check(
      z.describe(
        'written: all of them. partly: some, see left_out. no-room: none, the object has ten others. changed: another object is there now. gone: the object is not there any more. denied: S3 refused it, by its permissions mostly.',
      ),
    ),
  written: z.array(z.string()).check(z.describe('Names of the tags that were written.')),
  left_out: z
    .array(z.string())
    .check(z.describe('Names of the tags that were not, for want of room.')),
});

/** What became of a malicious object. */
export const quarantineResult = z.object({
  status: z
    .enum(['quarantined', 'copied', 'changed', 'gone', 'failed'])
    .check(
      z.describe(
        'quarantined: copied, the copy verified, the original deleted. copied: copied and verified, but the original could not be deleted. changed: another object is there now, and is left alone. gone: it was deleted before it could be copied. failed: see reason; the original is as it was.',
      ),
    ),
  copy: z.nullable(place).check(z.describe('Where the copy is; null when there is none.')),
  reason: nullableText('Why it was not quarantined.'),
});

/** Verdict in short. */
export const compactVerdict = z.object({
  value: verdictValue.check(z.describe('Without a report pending, skipped or unknown.')),
  reasons: z.array(z.string()).check(z.describe('Why, in sentences; five at most.')),
  engines: z
    .array(detection)
    .check(z.describe('Engines that say malicious or suspicious; 50 at most.')),
  ratio: z
    .nullable(
      z.object({
        malicious: nullableCount('Engines that say malicious.'),
        suspicious: nullableCount('Engines that say suspicious.'),
        total: nullableCount('Engines with an opinion.'),
        percentage: nullableCount('round(100 * malicious / total); null if total is below 10.'),
      }),
    )
    .check(z.describe('How many engines said so; null without a report.')),
  report_age: nullableCount('Seconds since the last analysis, when the verdict was given.'),
  allowed_because: nullableText('Reason of the entry of the allow list that names the object.'),
  policy: nullableText('Name of the policy that was applied; null without a report.'),
});

/** What is decided of an object once, before anything is done. */
const decisionFields = {
  schema_version: z.literal('1').check(z.describe('Rises when a field changes its meaning.')),
  id: z
    .string()
    .check(
      z.regex(/^[0-9a-f]{64}$/),
      z.describe(
        'Of the event: the same whenever it is sent again. Another one for the final outcome after a provisional one, and for another version of the object (without versions, for another upload).',
      ),
    ),
  stage: z
    .enum(['provisional', 'final'])
    .check(
      z.describe(
        'provisional: the verdict is pending or unknown, so that an event with a final one may follow.',
      ),
    ),
  object: z
    .extend(place, {
      version_id: nullableText('Version; null in a bucket that was never versioned.'),
      etag: nullableText('ETag without quotes.'),
      size: nullableCount('Length, bytes.'),
      sequencer: nullableText('Orders the events of one key.'),
    })
    .check(z.describe('The object that was scanned.')),
  outcome: scanOutcomeKind.check(
    z.describe(
      'reported: there is a report. pending: none after 24 h. skipped: it cannot be scanned, see reason. failed: see error.',
    ),
  ),
  reason: nullableText('Why it was skipped.'),
  error: z.nullable(namedError).check(z.describe('Why it was skipped or failed, by name.')),
  verdict: compactVerdict,
  scan_id: nullableText('`<sha256>-<epoch>` of the analysis.'),
  scanned_at: nullableText('Date of the analysis, ISO 8601, UTC.'),
  digests: z
    .object({
      md5: nullableText('MD5 of the object.'),
      sha1: nullableText('SHA-1 of the object.'),
      sha256: nullableText('SHA-256 of the object.'),
    })
    .check(z.describe('Computed from the bytes; null when they could not be read.')),
  permalink: nullableText("Address of the report in VirusTotal's web interface."),
  report: z.nullable(place).check(z.describe('Where the full report is; null without a report.')),
  execution: z.string().check(z.describe('ARN of the execution of ScanUpload.')),
  recorded_at: z.string().check(z.describe('When it was recorded, ISO 8601, UTC.')),
};

/** What is decided of an object once, before anything is done. */
export const verdictDecision = z.object(decisionFields);

/** Detail of the event. */
export const verdictEvent = z.object({
  ...decisionFields,
  tags: tagsResult.check(z.describe("What became of the object's tags.")),
  quarantine: z
    .nullable(quarantineResult)
    .check(z.describe('What became of a malicious object; null when there was nothing to do.')),
});

/** What became of the object's tags. */
export type TagsResult = z.infer<typeof tagsResult>;
/** What became of a malicious object. */
export type QuarantineResult = z.infer<typeof quarantineResult>;
/** Verdict in short. */
export type CompactVerdict = z.infer<typeof compactVerdict>;
/** What is decided of an object once. */
export type VerdictDecision = z.infer<typeof verdictDecision>;
/** Detail of the event. */
export type VerdictEvent = z.infer<typeof verdictEvent>;
