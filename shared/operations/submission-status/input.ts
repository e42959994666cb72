/** Input of `submission`. */
import * as z from 'zod/mini';

const SUBMISSION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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
