/** Kinds of output fields that several schemas use. */
import * as z from 'zod/mini';

/** A string, or null when VirusTotal does not tell. */
export const text = (description: string) => z.nullable(z.string()).check(z.describe(description));

/** A whole number, or null when VirusTotal does not tell. */
export const count = (description: string) => z.nullable(z.int()).check(z.describe(description));

/** `YYYY-MM-DD HH:MM:SS` in UTC, the predecessor's form of a date, or null. */
export const date = (description: string) =>
  z
    .nullable(z.string().check(z.regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$/)))
    .check(z.describe(`${description} UTC, YYYY-MM-DD HH:MM:SS.`));
