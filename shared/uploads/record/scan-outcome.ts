/** Outcome of an upload's scan: what `ScanUpload` passes on, and the summary that it gets back. */
import * as z from 'zod/mini';
import { nullableText } from '../../schema/fields/output.ts';
import { verdictValue } from '../../verdict/verdict-schema.ts';

/** How the scan of an upload ended. */
export const scanOutcomeKind = z.enum(['reported', 'pending', 'skipped', 'failed']);

/** An error with its name. */
export const namedError = z.object({ name: z.string(), message: z.string() });

/** A field that a playbook may leave out. */
const orNull = <T extends z.ZodMiniType>(field: T, description: string) =>
  z._default(z.nullable(field), null).check(z.describe(description));

const digest = orNull(z.string(), 'Digest of the bytes that were read.');
const receipt = z.object({ md5: digest, sha1: digest, sha256: digest });
const report = z.looseObject({ verdict: z.looseObject({ value: verdictValue }) });

/** Input of `record-verdict`, from the playbook. */
export const scanOutcomeInput = z.object({
  event: z
    .unknown()
    .check(z.describe('EventBridge event Object Created that started the playbook.')),
  outcome: scanOutcomeKind.check(
    z.describe(
      'reported: there is a report. pending: no report after 24 h. skipped: it cannot be scanned, see reason. failed: see error.',
    ),
  ),
  reason: orNull(z.string(), 'Why it was skipped.'),
  scan_id: orNull(z.string(), 'Id of the analysis; null if nothing was submitted.'),
  receipt: orNull(receipt, 'Output of submit_sample; null if the object could not be read.'),
  report: orNull(report, 'Full output of file_reputation.'),
  error: orNull(namedError, 'Why it was skipped or failed.'),
  execution: z.string().check(z.describe('ARN of the execution.')),
});

/** Input of `record-verdict`, from the playbook. */
export type ScanOutcomeInput = z.infer<typeof scanOutcomeInput>;

/** Summary of a scan's outcome: the output of the playbook. */
export const scanOutcome = z.object({
  outcome: scanOutcomeKind,
  verdict: verdictValue.check(
    z.describe("The report's verdict; without a report pending, skipped or unknown."),
  ),
  reason: nullableText('Why it was skipped.'),
  scan_id: nullableText('Id of the analysis.'),
  error: z.nullable(namedError),
});

/** Summary of a scan's outcome. */
export type ScanOutcome = z.infer<typeof scanOutcome>;
