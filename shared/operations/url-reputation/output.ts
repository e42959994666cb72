/** Output of `url_reputation`. */
import * as z from 'zod/mini';
import { nullableDate, nullableText } from '../../schema/fields/output.ts';
import { verdict } from '../../verdict/verdict-schema.ts';
import { answerFields, opinionFields, urlScan } from '../common/output-fields.ts';

/** Output of `url_reputation`. */
export const urlReputationOutput = z.object({
  permalink: nullableText("Address of the report in VirusTotal's web interface."),
  ...opinionFields,
  resource: z.string().check(z.describe('The URL or scan_id that was asked for.')),
  url: nullableText('The URL in canonical form; null when asked by scan_id and unknown.'),
  scan_date: nullableDate('Date of the last analysis.'),
  scan_id: nullableText('`<sha256>-<epoch>` of the last analysis.'),
  scans: z
    .record(z.string(), urlScan)
    .check(z.describe('Opinion by engine; engines without one (timeout) are left out.')),
  ...answerFields,
  verdict,
});

/** Output of `url_reputation`. */
export type UrlReputationOutput = z.infer<typeof urlReputationOutput>;
/** Output of `url_reputation` before the verdict is added. */
export type UrlReputationReport = Omit<UrlReputationOutput, 'verdict'>;
