/** Schemas of VirusTotal's attributes; a missing or malformed one is null. */
import * as z from 'zod/mini';

/** A value; null if it is missing or has another type. */
export const tolerant = <T extends z.ZodMiniType>(schema: T) => z.catch(z.nullable(schema), null);

/** A text; null if it is missing or empty. */
export const textOrNull = tolerant(z.string().check(z.minLength(1)));

/** Turns JSON's negative zero into zero. */
const plainZero = z.transform((value: number) => value + 0);

/** An integer, or null. */
export const whole = tolerant(z.pipe(z.int(), plainZero));

/** Epoch seconds up to the year 9999, or null. */
export const epoch = tolerant(
  z.pipe(z.int().check(z.nonnegative(), z.maximum(253_402_300_799)), plainZero),
);

/** Parsed by hand: a schema for 90 engines is slower. */
export const anything = z.optional(z.unknown());

/** A SHA-256; parses to lower case. */
export const sha256Id = z.pipe(
  z.string().check(z.regex(/^[0-9A-Fa-f]{64}$/)),
  z.transform((id: string) => id.toLowerCase()),
);

/** Attributes of every analysed object. */
export const analysed = {
  last_analysis_date: epoch,
  last_analysis_results: anything,
  last_analysis_stats: anything,
};

/** Whether a value is a non-empty text. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
