/** Output of `file_reputation`. */
import * as z from 'zod/mini';
import { nullableDate, nullableText } from '../../schema/fields/output.ts';
import { verdict } from '../../verdict/verdict-schema.ts';
import { answerFields } from '../common/answer-fields.ts';
import { type CacheFields, cacheFields, fileScan, opinionFields } from '../common/output-fields.ts';

export const fileReputationOutput = z.object({
  permalink: nullableText("Address of the report in VirusTotal's web interface."),
  ...opinionFields,
  resource: z.string().check(z.describe('The requested hash or scan_id.')),
  scan_date: nullableDate('Date of the last analysis.'),
  scan_id: nullableText('`<sha256>-<epoch>` of the last analysis.'),
  scans: z
    .record(z.string(), fileScan)
    .check(
      z.describe(
        'Opinions by engine, without engines that have none (timeout, failure, type-unsupported).',
      ),
    ),
  ...answerFields,
  threat_label: nullableText(
    "VirusTotal's suggested threat label, for example trojan.emotet/geodo.",
  ),
  type_description: nullableText('File type in words.'),
  first_submission_date: nullableDate('When the file was first submitted.'),
  ...cacheFields,
  verdict,
});

export type FileReputationOutput = z.infer<typeof fileReputationOutput>;
/** Output of `file_reputation` before the verdict, and what came from the cache, are added. */
export type FileReputationReport = Omit<FileReputationOutput, 'verdict' | keyof CacheFields>;
