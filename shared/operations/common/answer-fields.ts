/** Fields of every output, apart from those of reputations: `submit-file` contains these alone. */
import * as z from 'zod/mini';

/** State of the report. */
const responseCode = z
  .literal([1, 0, -2])
  .check(
    z.describe(
      '1: found, or queued by this call. 0: unknown to VirusTotal, or not sent. -2: still being analysed.',
    ),
  );

/** Fields of every output. */
export const answerFields = {
  response_code: responseCode,
  verbose_msg: z.string().check(z.describe('The response_code in words.')),
};
