/** Output of `submit_url`. */
import * as z from 'zod/mini';
import { nullableDate, nullableText } from '../../schema/fields/output.ts';
import { answerFields } from '../common/answer-fields.ts';
import { submissionFields } from '../common/output-fields.ts';

export const submitUrlOutput = z.object({
  resource: z.string().check(z.describe('The URL in canonical form.')),
  ...answerFields,
  permalink: nullableText("Address of the analysis in VirusTotal's web interface."),
  url: z.string().check(z.describe('The URL in canonical form.')),
  scan_date: nullableDate('When the analysis was queued.'),
  scan_id: nullableText('`<sha256>-<epoch>`: poll url_reputation with it.'),
  ...submissionFields,
});

export type SubmitUrlOutput = z.infer<typeof submitUrlOutput>;
