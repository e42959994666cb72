/** Requests and outputs about files: `submit_sample` and `file_reputation`. */
import * as z from 'zod/mini';
import { exactlyOneOf } from './alternatives.ts';
import { digest, fileScanId, objectKey } from './fields.ts';
import { answerFields, date, fileScan, opinionFields, text } from './report.ts';
import { verdict } from './verdict.ts';
import { verdictPolicy } from './verdict-policy.ts';

/** How `submit_sample` treats a file that VirusTotal may know already. */
export const uploadMode = z.enum(['always', 'if-unknown', 'never']);
/** How `submit_sample` treats a file that VirusTotal may know already. */
export type UploadMode = z.infer<typeof uploadMode>;

/** Input of `submit_sample`. */
export const submitFileRequest = z.strictObject({
  bucket: z.optional(
    z.string().check(
      z.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
      z.refine((bucket) => !/\.\.|^(?:[0-9]+\.){3}[0-9]+$/.test(bucket), {
        error: 'it has two dots in a row, or is an address',
      }),
      z.describe(
        "Name of an S3 bucket, 3 to 63 lower-case letters, digits, dots and hyphens; default: the stack's upload bucket.",
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
          'Version id of the object, 1 to 1024 printable ASCII characters; default: the current version.',
        ),
      ),
  ),
  upload: z.optional(
    uploadMode.check(
      z.describe(
        '"always" sends the file; "if-unknown" sends it when VirusTotal does not know its digest; "never" asks by digest only.',
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
          'With "if-unknown", a report older than this many days (0 to 3650) is analysed anew by digest.',
        ),
      ),
  ),
});

/** Output of `submit_sample`. */
export const submitFileOutput = z.object({
  resource: z.string().check(z.describe('SHA-256 of the file.')),
  ...answerFields,
  permalink: text("Address of the analysis in VirusTotal's web interface."),
  md5: z.string().check(z.describe('MD5 of the file, computed from the bytes read.')),
  sha1: z.string().check(z.describe('SHA-1 of the file, computed from the bytes read.')),
  sha256: z.string().check(z.describe('SHA-256 of the file, computed from the bytes read.')),
  scan_id: text('`<sha256>-<epoch>`: give it to file_reputation to poll this analysis.'),
});

/** Input of `file_reputation`: exactly one of the two. */
export const fileReputationRequest = z.pipe(
  z
    .strictObject({
      hash: z.optional(digest),
      scan_id: z.optional(fileScanId),
      policy: z.optional(verdictPolicy),
    })
    .check(exactlyOneOf('hash', 'scan_id')),
  z.transform(({ hash, scan_id, policy }, context) => {
    if (hash && !scan_id) return { hash, policy };
    if (scan_id && !hash) return { scan_id, policy };
    context.issues.push({ code: 'custom', message: 'exactly one of them', input: undefined });
    return z.NEVER;
  }),
);

/** Output of `file_reputation`. */
export const fileReputationOutput = z.object({
  permalink: text("Address of the report in VirusTotal's web interface."),
  ...opinionFields,
  resource: z.string().check(z.describe('The hash or scan_id that was asked for.')),
  scan_date: date('Date of the last analysis.'),
  scan_id: text('`<sha256>-<epoch>` of the last analysis.'),
  scans: z
    .record(z.string(), fileScan)
    .check(
      z.describe(
        'Opinion by engine; engines without one (timeout, failure, type-unsupported) are left out.',
      ),
    ),
  ...answerFields,
  threat_label: text("VirusTotal's suggested threat label, for example trojan.emotet/geodo."),
  type_description: text('Type of the file in words.'),
  first_submission_date: date('When the file was first submitted.'),
  verdict,
});

/** Input of `submit_sample`. */
export type SubmitFileRequest = z.infer<typeof submitFileRequest>;
/** Output of `submit_sample`. */
export type SubmitFileOutput = z.infer<typeof submitFileOutput>;
/** Input of `file_reputation`. */
export type FileReputationRequest = z.infer<typeof fileReputationRequest>;
/** Output of `file_reputation`. */
export type FileReputationOutput = z.infer<typeof fileReputationOutput>;
/** Output of `file_reputation` before the verdict is added. */
export type FileReputationReport = Omit<FileReputationOutput, 'verdict'>;
