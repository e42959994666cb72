/** What `ScanUpload` has recorded of an upload, and what it gets back. */
import * as z from 'zod/mini';
import { text } from '../../schema/fields/output.ts';
import { verdictValue } from '../../verdict/verdict-schema.ts';

/** How the scan of an upload ended. */
export const scanOutcomeKind = z.enum(['reported', 'pending', 'skipped', 'failed']);

/** An error, by its name. */
export const namedError = z.object({ name: z.string(), message: z.string() });

/** What a playbook leaves out when there is none. */
const orNull = <T extends z.ZodMiniType>(field: T, description: string) =>
  z._default(z.nullable(field), null).check(z.describe(description));

const digest = orNull(z.string(), 'Of the bytes that were read.');
const receipt = z.object({ md5: digest, sha1: digest, sha256: digest });
const report = z.looseObject({ verdict: z.looseObject({ value: verdictValue }) });

/** Input of `record-verdict`, from the playbook. */
export const scanOutcomeInput = z.object({
  event: z
    .unknown()
    .check(z.describe("EventBridge's event Object Created, as it started the playbook.")),
  outcome: scanOutcomeKind.check(
    z.describe(
      'reported: there is a report. pending: none after 24 h. skipped: it cannot be scanned, see reason. failed: see error.',
    ),
  ),
  reason: orNull(z.string(), 'Why it was skipped.'),
  scan_id: orNull(z.string(), 'Of the analysis; null when nothing was submitted.'),
  receipt: orNull(receipt, 'Output of submit_sample; null when the object could not be read.'),
  report: orNull(report, 'Output of file_reputation, whole.'),
  error: orNull(namedError, 'Why it was skipped or failed, by name.'),
  execution: z.string().check(z.describe('ARN of the execution.')),
});

/** Input of `record-verdict`, from the playbook. */
export type ScanOutcomeInput = z.infer<typeof scanOutcomeInput>;

/** What was recorded, in short: the output of the playbook. */
export const scanOutcome = z.object({
  outcome: scanOutcomeKind,
  verdict: verdictValue.check(
    z.describe("Value of the report's verdict; without a report pending, skipped or unknown."),
  ),
  reason: text('Why it was skipped.'),
  scan_id: text('Of the analysis.'),
  error: z.nullable(namedError),
});

/** What was recorded, in short. */
export type ScanOutcome = z.infer<typeof scanOutcome>;
