/** Input of `submission`. */
import * as z from 'zod/mini';
import { SUBMISSION_ID } from './submission-id.ts';

export const submissionStatusRequest = z.strictObject({
  id: z
    .string()
    .check(
      z.regex(SUBMISSION_ID),
      z.describe(
        'Id of a submission, from the Location header of POST /files: a UUID in lower case.',
      ),
    ),
});

export type SubmissionStatusRequest = z.infer<typeof submissionStatusRequest>;
