/** Result of submitting an uploaded object. */
import * as z from 'zod/mini';
import { submitFileOutput } from '../../operations/submit-file/output.ts';
import { nullableCount, nullableText } from '../../schema/fields/output.ts';

/** How the submission of an uploaded object ended. */
export const submitResultKind = z.enum([
  'submitted',
  'known',
  'unknown',
  'duplicate',
  'in-progress',
  'skipped',
]);

/** Answer to an event with one object. */
export const submitResult = z.object({
  object: z.object({
    bucket: z.string().check(z.describe('Name of the bucket.')),
    key: z.string().check(z.describe('Key, not encoded.')),
    versionId: nullableText('Version; null in a bucket that was never versioned.'),
    etag: nullableText('ETag without quotes.'),
    size: nullableCount('Length, bytes.'),
    sequencer: nullableText('Orders the events of one key.'),
  }),
  outcome: submitResultKind.check(
    z.describe(
      'submitted: an analysis was queued. known: VirusTotal has the file, nothing was sent. unknown: VirusTotal does not know the file, and upload "never" kept it from being sent. duplicate: an earlier event for the same version was handled; the receipt is from that event. in-progress: another invocation is submitting it; call again after retryAfterSeconds. skipped: there is nothing to submit.',
    ),
  ),
  reason: nullableText('Why it was skipped, is in progress, or has an old report, in words.'),
  retryAfterSeconds: nullableCount(
    'With in-progress, seconds to wait before calling again, at least 1.',
  ),
  receipt: z
    .nullable(submitFileOutput)
    .check(z.describe('Output of submit_sample; null for skipped and in-progress.')),
});

/** Result of submitting an uploaded object. */
export type SubmitResult = z.infer<typeof submitResult>;
