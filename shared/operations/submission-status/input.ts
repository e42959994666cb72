/** Input of `submission`. */
import * as z from 'zod/mini';

const SUBMISSION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Input of `submission`. */
export const submissionRequest = z.strictObject({
  id: z
    .string()
    .check(
      z.regex(SUBMISSION_ID),
      z.describe(
        'Id of a submission, as the header Location of POST /files gave it: a UUID in lower case.',
      ),
    ),
});

/** Input of `submission`. */
export type SubmissionRequest = z.infer<typeof submissionRequest>;
