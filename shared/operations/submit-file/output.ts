/** Output of `submit_sample`. */
import * as z from 'zod/mini';
import { nullableText } from '../../schema/fields/output.ts';
import { answerFields } from '../common/answer-fields.ts';
import { submissionFields } from '../common/output-fields.ts';

export const submitFileOutput = z.object({
  resource: z.string().check(z.describe('SHA-256 of the file.')),
  ...answerFields,
  permalink: nullableText("Address of the analysis in VirusTotal's web interface."),
  md5: z.string().check(z.describe('MD5 of the file, computed from the bytes read.')),
  sha1: z.string().check(z.describe('SHA-1 of the file, computed from the bytes read.')),
  sha256: z.string().check(z.describe('SHA-256 of the file, computed from the bytes read.')),
  scan_id: nullableText('`<sha256>-<epoch>`: poll file_reputation with it.'),
  ...submissionFields,
});

export type SubmitFileOutput = z.infer<typeof submitFileOutput>;
