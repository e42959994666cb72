/** Output of `url_reputation`. */
import * as z from 'zod/mini';
import { nullableDate, nullableText } from '../../schema/fields/output.ts';
import { verdict } from '../../verdict/verdict-schema.ts';
import { answerFields } from '../common/answer-fields.ts';
import { type CacheFields, cacheFields, opinionFields, urlScan } from '../common/output-fields.ts';

export const urlReputationOutput = z.object({
  permalink: nullableText("Address of the report in VirusTotal's web interface."),
  ...opinionFields,
  resource: z.string().check(z.describe('The requested URL or scan_id.')),
  url: nullableText(
    'The URL in canonical form; null if a scan_id was requested and VirusTotal does not return the URL.',
  ),
  scan_date: nullableDate('Date of the last analysis.'),
  scan_id: nullableText('`<sha256>-<epoch>` of the last analysis.'),
  scans: z
    .record(z.string(), urlScan)
    .check(z.describe('Opinions by engine, without engines that have none (timeout).')),
  ...answerFields,
  ...cacheFields,
  verdict,
});

export type UrlReputationOutput = z.infer<typeof urlReputationOutput>;
/** Output of `url_reputation` before the verdict, and what came from the cache, are added. */
export type UrlReputationReport = Omit<UrlReputationOutput, 'verdict' | keyof CacheFields>;
