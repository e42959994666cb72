/** Output of `submission`. */
import * as z from 'zod/mini';
import { nullableCount, nullableDate } from '../../schema/fields/output.ts';
import { submitFileOutput } from '../submit-file/output.ts';

/** The error that `POST /files` would have returned. */
const submissionError = z.object({
  name: z
    .string()
    .check(z.describe('Name of the error, one of those of POST /files, or InternalError.')),
  message: z.string().check(z.describe('What happened.')),
  requestId: z.string().check(z.describe('Id of the submission, also in the logs.')),
  status: z.int().check(z.describe('HTTP status of the error.')),
  retryAfterSeconds: nullableCount(
    'Seconds to wait before the next try; null unless a quota is used up.',
  ),
});

export const submissionStatusOutput = z.object({
  id: z.string().check(z.describe('Id of the submission.')),
  status: z
    .enum(['running', 'succeeded', 'failed'])
    .check(
      z.describe(
        'running: poll again. succeeded: see output. failed: see error; the submission is over.',
      ),
    ),
  start_date: nullableDate('When the submission started.'),
  end_date: nullableDate('When the submission ended; null while it is running.'),
  output: z
    .nullable(submitFileOutput)
    .check(z.describe('Output of submit_sample; null unless the submission succeeded.')),
  error: z
    .nullable(submissionError)
    .check(
      z.describe(
        'The error that POST /files would have returned; null unless the submission failed.',
      ),
    ),
});

export type SubmissionStatus = z.infer<typeof submissionStatusOutput>;
/** Why a submission failed. */
export type SubmissionError = z.infer<typeof submissionError>;
