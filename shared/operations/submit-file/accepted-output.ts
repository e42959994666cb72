/** Answer of `POST /files` for a file that is submitted after it. */
import * as z from 'zod/mini';
import { text } from '../../schema/fields/output.ts';

const later = (description: string) => text(`${description} Null: not known yet.`);

/** Answer of `POST /files` for a file that is submitted after it: every field of the output, and where to look. */
export const submissionAccepted = z.object({
  resource: later('SHA-256 of the file.'),
  response_code: z.literal(-2).check(z.describe('-2: not there yet.')),
  verbose_msg: z.string().check(z.describe('What happens, and where to look.')),
  permalink: later("Address of the analysis in VirusTotal's web interface."),
  md5: later('MD5 of the file.'),
  sha1: later('SHA-1 of the file.'),
  sha256: later('SHA-256 of the file.'),
  scan_id: later('Id of the analysis.'),
  submission_id: z.string().check(z.describe('Id to ask GET /submissions/{id} with.')),
});

/** Answer of `POST /files` for a file that is submitted after it. */
export type SubmissionAccepted = z.infer<typeof submissionAccepted>;
