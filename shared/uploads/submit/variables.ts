/** Environment variables of `submit-file`. */
import * as z from 'zod/mini';
import { configDefaults, upstreamVariables } from '../../config.ts';
import { optionalVariable } from '../../environment.ts';
import { uploadMode } from '../../schema/fields/upload-mode.ts';

/** A whole number in decimal digits. */
const digits = (maxLength: number) =>
  z.pipe(z.string().check(z.regex(/^[0-9]+$/), z.maxLength(maxLength)), z.transform(Number));

/** Variables of `submit-file`. */
export const submitFileVariables = {
  ...upstreamVariables,
  /** How to treat a file that VirusTotal knows if the call does not say. @default depends on the caller */
  VIRUSTOTAL_UPLOAD: z.optional(uploadMode),
  /** With `if-unknown`, age in days from which a report is refreshed. */
  VIRUSTOTAL_MAX_REPORT_AGE_DAYS: z._default(digits(4), configDefaults.maxReportAgeDays),
  /** Bucket of calls that name none. */
  UPLOAD_BUCKET: optionalVariable,
  /** State machine that takes large objects over HTTP. @default all are sent within the call */
  SUBMIT_FILE_STATE_MACHINE_ARN: optionalVariable,
  /** Longest object that is sent within an HTTP call, bytes. */
  HTTP_SUBMISSION_MAX_BYTES: z._default(digits(9), configDefaults.httpSubmissionMaxBytes),
};
