/** Output of `file_reputation`. */
import * as z from 'zod/mini';
import { nullableDate, nullableText } from '../../schema/fields/output.ts';
import { verdict } from '../../verdict/verdict-schema.ts';
import { answerFields, fileScan, opinionFields } from '../common/output-fields.ts';

/** Output of `file_reputation`. */
export const fileReputationOutput = z.object({
  permalink: nullableText("Address of the report in VirusTotal's web interface."),
  ...opinionFields,
  resource: z.string().check(z.describe('The hash or scan_id that was asked for.')),
  scan_date: nullableDate('Date of the last analysis.'),
  scan_id: nullableText('`<sha256>-<epoch>` of the last analysis.'),
  scans: z
    .record(z.string(), fileScan)
    .check(
      z.describe(
        'Opinion by engine; engines without one (timeout, failure, type-unsupported) are left out.',
      ),
    ),
  ...answerFields,
  threat_label: nullableText(
    "VirusTotal's suggested threat label, for example trojan.emotet/geodo.",
  ),
  type_description: nullableText('Type of the file in words.'),
  first_submission_date: nullableDate('When the file was first submitted.'),
  verdict,
});

/** Output of `file_reputation`. */
export type FileReputationOutput = z.infer<typeof fileReputationOutput>;
/** Output of `file_reputation` before the verdict is added. */
export type FileReputationReport = Omit<FileReputationOutput, 'verdict'>;
