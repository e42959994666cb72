/** Output of `submission`. */
import * as z from 'zod/mini';
import { count, date } from '../../schema/fields/output.ts';
import { submitFileOutput } from '../submit-file/output.ts';

/** Why a submission failed: what `POST /files` would have answered. */
const submissionError = z.object({
  name: z.string().check(z.describe('Name of the error, one of those of POST /files.')),
  message: z.string().check(z.describe('What happened, in words.')),
  requestId: z.string().check(z.describe('Id of the submission, which the logs carry too.')),
  status: z.int().check(z.describe('HTTP status that the error has over HTTP.')),
  retryAfterSeconds: count('Seconds to wait before another try; null unless a quota is used up.'),
});

/** Output of `submission`. */
export const submissionOutput = z.object({
  id: z.string().check(z.describe('Id of the submission.')),
  status: z
    .enum(['running', 'succeeded', 'failed'])
    .check(
      z.describe(
        'running: ask again. succeeded: output is there. failed: error says why, and nothing more will come.',
      ),
    ),
  start_date: date('When it began.'),
  end_date: date('When it ended; null while it runs.'),
  output: z
    .nullable(submitFileOutput)
    .check(z.describe('Output of submit_sample; null unless it succeeded.')),
  error: z
    .nullable(submissionError)
    .check(z.describe('What POST /files would have answered; null unless it failed.')),
});

/** Output of `submission`. */
export type SubmissionOutput = z.infer<typeof submissionOutput>;
/** Why a submission failed. */
export type SubmissionError = z.infer<typeof submissionError>;
