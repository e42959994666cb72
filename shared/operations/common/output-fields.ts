/** Fields that the outputs of several reputations share. */
import * as z from 'zod/mini';
import { nullableCount, nullableDate, nullableText } from '../../schema/fields/output.ts';

/** The reasons why a list can be null. */
export const unavailableReason = z.enum(['premium', 'tier', 'summary', 'absent', 'quota', 'error']);

/** Fields of every reputation: the counts of the engines' opinions. */
export const opinionFields = {
  positives: nullableCount('Engines that say malicious; null without a report.'),
  total: nullableCount('Engines with an opinion; null without a report.'),
  aggregate: nullableCount(
    'round(100 * positives / total); null without a report or if total is 0.',
  ),
};

/** Fields of every reputation: what came from the cache. */
export const cacheFields = {
  cached: z
    .boolean()
    .check(z.describe('Whether the answer, or a part of it, came from the cache.')),
  cached_at: nullableDate(
    'When VirusTotal gave the oldest part that came from the cache; null if none did.',
  ),
};

/** What came from the cache. */
export type CacheFields = z.infer<z.ZodMiniObject<typeof cacheFields>>;

/** Fields of every submission. */
export const submissionFields = {
  repeated: z
    .boolean()
    .check(
      z.describe(
        'true: an earlier call or event has submitted the same, and this is its answer; nothing was submitted again.',
      ),
    ),
};

/** Fields of every output with lists: which lists are null and why, and which are cut. */
export const listFields = {
  unavailable: z
    .record(z.string(), unavailableReason)
    .check(
      z.describe(
        'Why a list is null: premium (VirusTotal refused it), tier (not requested with tier public), summary (not requested), absent (no report, or neither in the answer of VirusTotal nor, with cache=only, in the cache), quota (no quota was left for the list), error (the request for the list failed).',
      ),
    ),
  truncated: z
    .array(z.string())
    .check(z.describe('Names of lists that are cut: VirusTotal has more.')),
};

/** Opinion of an engine on a file. */
export const fileScan = z.object({
  detected: z.boolean().check(z.describe('Whether the engine says malicious.')),
  version: nullableText("The engine's version."),
  result: nullableText("The engine's label; null if it detects nothing."),
  update: nullableText("Date of the engine's signatures, YYYYMMDD."),
});

/** Opinion of an engine on a URL. */
export const urlScan = z.object({
  detected: z.boolean().check(z.describe('Whether the engine says malicious.')),
  result: nullableText('The opinion in the words of API v2, for example clean site.'),
});

/** A related file. */
export const relatedFile = z.object({
  date: nullableDate('Date of its last analysis.'),
  positives: nullableCount('Engines that say malicious.'),
  total: nullableCount('Engines with an opinion.'),
  sha256: z.string().check(z.describe('SHA-256 of the file.')),
});

/** A related URL. */
export const relatedUrl = z.object({
  url: z.string().check(z.describe('The URL.')),
  positives: nullableCount('Engines that say malicious.'),
  total: nullableCount('Engines with an opinion.'),
  aggregate: nullableCount('round(100 * positives / total); null if total is 0.'),
  scan_date: nullableDate('Date of its last analysis.'),
});

/** A list of related objects, or null (see `unavailable`). */
export const listOf = <T extends z.ZodMiniType>(item: T, description: string) =>
  z.nullable(z.array(item)).check(z.describe(description));

/** The reason why a list is null. */
export type UnavailableReason = z.infer<typeof unavailableReason>;
/** Opinion of an engine on a file. */
export type FileScan = z.infer<typeof fileScan>;
/** Opinion of an engine on a URL. */
export type UrlScan = z.infer<typeof urlScan>;
/** A related file. */
export type RelatedFile = z.infer<typeof relatedFile>;
/** A related URL. */
export type RelatedUrl = z.infer<typeof relatedUrl>;
