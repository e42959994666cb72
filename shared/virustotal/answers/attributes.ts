/** Attributes of VirusTotal's objects: any may be absent or odd, and is null then. */
import * as z from 'zod/mini';

/** A value, or null when it is absent or of another type. */
export const tolerant = <T extends z.ZodMiniType>(schema: T) => z.catch(z.nullable(schema), null);

/** A text, or null; what is empty is not known. */
export const textOrNull = tolerant(z.string().check(z.minLength(1)));

/** JSON has a negative zero, which no answer of ours shall have. */
const plainZero = z.transform((value: number) => value + 0);

/** A whole number, or null. */
export const whole = tolerant(z.pipe(z.int(), plainZero));

/** Epoch seconds up to the year 9999, or null. */
export const epoch = tolerant(
  z.pipe(z.int().check(z.nonnegative(), z.maximum(253_402_300_799)), plainZero),
);

/** Read by hand, because a schema over 90 engines costs more than reading them. */
export const anything = z.optional(z.unknown());

/** A SHA-256, made lower case. */
export const sha256 = z.pipe(
  z.string().check(z.regex(/^[0-9A-Fa-f]{64}$/)),
  z.transform((id: string) => id.toLowerCase()),
);

/** What every analysed object has. */
export const analysed = {
  last_analysis_date: epoch,
  last_analysis_results: anything,
  last_analysis_stats: anything,
};

/** Whether a value is a text that says something. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
