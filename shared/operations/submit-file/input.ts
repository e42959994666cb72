/** Input of `submit_sample`. */
import * as z from 'zod/mini';
import { objectKey } from '../../schema/fields/object-key.ts';
import { uploadMode } from '../../schema/fields/upload-mode.ts';

export const submitFileRequest = z.strictObject({
  bucket: z.optional(
    z.string().check(
      z.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
      z.refine((bucket) => !/\.\.|^(?:[0-9]+\.){3}[0-9]+$/.test(bucket), {
        error: 'it has two dots in a row or is an IP address',
      }),
      z.describe(
        "Name of an S3 bucket, 3 to 63 lower-case letters, digits, dots and hyphens. Default: the stack's upload bucket.",
      ),
    ),
  ),
  key: objectKey,
  versionId: z.optional(
    z
      .string()
      .check(
        z.regex(/^[\x21-\x7e]{1,1024}$/),
        z.describe(
          'Version id of the object, 1 to 1024 printable ASCII characters. Default: the current version.',
        ),
      ),
  ),
  upload: z.optional(
    uploadMode.check(
      z.describe(
        '"always" sends the file, even if the same version was submitted in the last 15 minutes; "if-unknown" sends it only if VirusTotal does not know its digest; "never" only looks up the digest. Default: the file is sent, unless the same version was submitted in the last 15 minutes; then the call gets the answer of that submission.',
      ),
    ),
  ),
  maxReportAgeDays: z.optional(
    z
      .int()
      .check(
        z.minimum(0),
        z.maximum(3650),
        z.describe(
          'With "if-unknown", request a new analysis of a known file if its report is older than this many days (0 to 3650).',
        ),
      ),
  ),
});

export type SubmitFileRequest = z.infer<typeof submitFileRequest>;
