/** Input of `submit_url`. */
import * as z from 'zod/mini';
import { url } from '../../schema/fields/indicator.ts';

export const submitUrlRequest = z.strictObject({
  url,
  upload: z.optional(
    z
      .enum(['always'])
      .check(
        z.describe(
          '"always" submits the URL even if it was submitted in the last 15 minutes. Default: such a call gets the answer of the first one.',
        ),
      ),
  ),
});

export type SubmitUrlRequest = z.infer<typeof submitUrlRequest>;
