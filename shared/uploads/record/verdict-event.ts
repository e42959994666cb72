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
  key: z.string().check(z.describe('Key, not encoded.')),
});

/** Result of tagging the object. */
export const tagsResult = z.object({
  status: z
    .enum(['written', 'partly', 'no-room', 'changed', 'gone', 'denied'])
    .check(
      z.describe(
        'written: all of them. partly: some, see left_out. no-room: none, the object has ten other tags. changed: the object was replaced. gone: the object no longer exists. denied: S3 refused, mostly for lack of permission.',
      ),
    ),
  written: z.array(z.string()).check(z.describe('Names of the tags that were written.')),
  left_out: z.array(z.string()).check(z.describe('Names of the tags that had no room.')),
});

/** Result of quarantining a malicious object. */
export const quarantineResult = z.object({
  status: z
    .enum(['quarantined', 'copied', 'changed', 'gone', 'failed'])
    .check(
      z.describe(
        'quarantined: copied, the copy verified, the original deleted. copied: copied and verified, but the original could not be deleted. changed: the object was replaced, and the new one is not touched. gone: it was deleted before it could be copied. failed: see reason; the original is unchanged.',
      ),
    ),
  copy: z.nullable(place).check(z.describe('Location of the copy; null if nothing was copied.')),
  reason: nullableText('Why it was not quarantined.'),
});

/** The verdict in short. */
export const compactVerdict = z.object({
  value: verdictValue.check(
    z.describe('Value of the verdict; without a report pending, skipped or unknown.'),
  ),
  reasons: z.array(z.string()).check(z.describe('Reasons in sentences, at most five.')),
  engines: z
    .array(detection)
    .check(z.describe('Engines that say malicious or suspicious, at most 50.')),
  ratio: z
    .nullable(
      z.object({
        malicious: nullableCount('Number of engines that say malicious.'),
        suspicious: nullableCount('Number of engines that say suspicious.'),
        total: nullableCount('Number of engines that gave an opinion.'),
        percentage: nullableCount('round(100 * malicious / total); null when total is below 10.'),
      }),
    )
    .check(z.describe('Counts of engines; null without a report.')),
  report_age: nullableCount('Age of the last analysis at the time of the verdict, seconds.'),
  allowed_because: nullableText('Reason given in the allow-list entry that matches the object.'),
  policy: nullableText('Name of the applied policy; null without a report.'),
});

/** Fields of a decision. */
const decisionFields = {
  schema_version: z.literal('1').check(z.describe('Increases when a field changes its meaning.')),
  id: z
    .string()
    .check(
      z.regex(/^[0-9a-f]{64}$/),
      z.describe(
        'Id of the event: the same whenever the event is sent again. The final outcome after a provisional one has a different id, as does every other version of the object (in a bucket without versions, every other upload).',
      ),
    ),
  stage: z
    .enum(['provisional', 'final'])
    .check(
      z.describe(
        'provisional: the verdict is pending or unknown, or the object may not be read, and an event with a final verdict may follow.',
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
      'reported: there is a report. pending: no report after 24 h. skipped: it cannot be scanned, see reason. failed: see error.',
    ),
  ),
  reason: nullableText('Why it was skipped.'),
  error: z.nullable(namedError).check(z.describe('Why it was skipped or failed.')),
  verdict: compactVerdict,
  scan_id: nullableText('Id of the analysis, `<sha256>-<epoch>`.'),
  scanned_at: nullableText('Date of the analysis, ISO 8601, UTC.'),
  digests: z
    .object({
      md5: nullableText('MD5 of the object.'),
      sha1: nullableText('SHA-1 of the object.'),
      sha256: nullableText('SHA-256 of the object.'),
    })
    .check(z.describe('Computed from the bytes; null if they could not be read.')),
  permalink: nullableText("Address of the report in VirusTotal's web interface."),
  report: z.nullable(place).check(z.describe('Where the full report is; null without a report.')),
  execution: z.string().check(z.describe('ARN of the execution of ScanUpload.')),
  recorded_at: z.string().check(z.describe('When it was recorded, ISO 8601, UTC.')),
};

/** What is decided about an object, once, before anything is done. */
export const verdictDecision = z.object(decisionFields);

/** Detail of the event. */
export const verdictEvent = z.object({
  ...decisionFields,
  tags: tagsResult.check(z.describe('Result of tagging the object.')),
  quarantine: z
    .nullable(quarantineResult)
    .check(
      z.describe('Result of quarantining a malicious object; null if there was nothing to do.'),
    ),
});

/** Result of tagging the object. */
export type TagsResult = z.infer<typeof tagsResult>;
/** Result of quarantining a malicious object. */
export type QuarantineResult = z.infer<typeof quarantineResult>;
/** The verdict in short. */
export type CompactVerdict = z.infer<typeof compactVerdict>;
/** What is decided about an object. */
export type VerdictDecision = z.infer<typeof verdictDecision>;
/** Detail of the event. */
export type VerdictEvent = z.infer<typeof verdictEvent>;
