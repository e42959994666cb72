/** What the outputs of several operations share: codes, verdict counts, scans and related lists. */
import * as z from 'zod/mini';
import { nullableCount, nullableDate, nullableText } from '../../schema/fields/output.ts';

/** 1 found or queued by this call, 0 unknown to VirusTotal, -2 still being analysed. */
export const responseCode = z
  .literal([1, 0, -2])
  .check(
    z.describe('1 found or queued by this call, 0 unknown to VirusTotal, -2 still being analysed.'),
  );

/** Why a list of the output is null. */
export const unavailableReason = z.enum(['premium', 'tier', 'summary', 'absent']);

/** Fields that every reputation carries: the count of the engines' opinions. */
export const opinionFields = {
  positives: nullableCount('Engines whose category is malicious; null when there is no report.'),
  total: nullableCount('Engines that gave an opinion; null when there is no report.'),
  aggregate: nullableCount(
    'round(100 * positives / total); null when there is no report or total is 0.',
  ),
};

/** Fields that every output carries. */
export const answerFields = {
  response_code: responseCode,
  verbose_msg: z.string().check(z.describe('The same in words.')),
};

/** Fields of an output that has lists: why a list is null, and which were cut. */
export const listFields = {
  unavailable: z
    .record(z.string(), unavailableReason)
    .check(
      z.describe(
        'The reason for every list that is null: premium (refused by VirusTotal), tier (not asked for under tier public), summary (not asked for), absent (no report, or not in the answer).',
      ),
    ),
  truncated: z
    .array(z.string())
    .check(z.describe('Names of the lists of which VirusTotal has more than is shown.')),
};

/** One engine's opinion of a file. */
export const fileScan = z.object({
  detected: z.boolean().check(z.describe('The category is malicious.')),
  version: nullableText("The engine's version."),
  result: nullableText("The engine's label, null when clean."),
  update: nullableText("Date of the engine's signatures, YYYYMMDD."),
});

/** One engine's opinion of a URL. */
export const urlScan = z.object({
  detected: z.boolean().check(z.describe('The category is malicious.')),
  result: nullableText("The opinion in the predecessor's words, for example clean site."),
});

/** A related file. */
export const relatedFile = z.object({
  date: nullableDate('Date of its last analysis.'),
  positives: nullableCount('Engines whose category is malicious.'),
  total: nullableCount('Engines that gave an opinion.'),
  sha256: z.string().check(z.describe('SHA-256 of the file.')),
});

/** A related URL. */
export const relatedUrl = z.object({
  url: z.string().check(z.describe('The URL.')),
  positives: nullableCount('Engines whose category is malicious.'),
  total: nullableCount('Engines that gave an opinion.'),
  aggregate: nullableCount('round(100 * positives / total); null when total is 0.'),
  scan_date: nullableDate('Date of its last analysis.'),
});

/** A list of related objects, or null (see `unavailable`). */
export const listOf = <T extends z.ZodMiniType>(item: T, description: string) =>
  z.nullable(z.array(item)).check(z.describe(description));

/** Why a list of the output is null. */
export type UnavailableReason = z.infer<typeof unavailableReason>;
/** One engine's opinion of a file. */
export type FileScan = z.infer<typeof fileScan>;
/** One engine's opinion of a URL. */
export type UrlScan = z.infer<typeof urlScan>;
/** A related file. */
export type RelatedFile = z.infer<typeof relatedFile>;
/** A related URL. */
export type RelatedUrl = z.infer<typeof relatedUrl>;
