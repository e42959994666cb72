/** Output of `POST /files` with status 202, for a file that is submitted after the response. */
import * as z from 'zod/mini';
import { nullableText } from '../../schema/fields/output.ts';

const later = (description: string) => nullableText(`${description} Null: not known yet.`);

/** Has every field of the output of `submit_sample`, and the id to poll with. */
export const submitFileAcceptedOutput = z.object({
  resource: later('SHA-256 of the file.'),
  response_code: z.literal(-2).check(z.describe('-2: there is no result yet.')),
  verbose_msg: z.string().check(z.describe('What is happening, and where to poll for the result.')),
  permalink: later("Address of the analysis in VirusTotal's web interface."),
  md5: later('MD5 of the file.'),
  sha1: later('SHA-1 of the file.'),
  sha256: later('SHA-256 of the file.'),
  scan_id: later('Id of the analysis.'),
  repeated: z.literal(false).check(z.describe('false: the submission has just begun.')),
  submission_id: z
    .string()
    .check(z.describe('Id of the submission: poll GET /submissions/{id} with it.')),
});

/** Output of `POST /files` with status 202. */
export type SubmitFileAcceptedOutput = z.infer<typeof submitFileAcceptedOutput>;
