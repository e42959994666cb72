/** Output fields that several schemas use. */
import * as z from 'zod/mini';

/** A string, or null when VirusTotal does not provide it. */
export const nullableText = (description: string) =>
  z.nullable(z.string()).check(z.describe(description));

/** A whole number, or null when VirusTotal does not provide it. */
export const nullableCount = (description: string) =>
  z.nullable(z.int()).check(z.describe(description));

/** A date in the format of VirusTotal's API v2, `YYYY-MM-DD HH:MM:SS` in UTC, or null. */
export const nullableDate = (description: string) =>
  z
    .nullable(z.string().check(z.regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$/)))
    .check(z.describe(`${description} UTC, YYYY-MM-DD HH:MM:SS.`));
