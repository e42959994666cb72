/** The input field that limits the upstream calls. */
import * as z from 'zod/mini';

export const details = z
  .enum(['full', 'summary'])
  .check(
    z.describe(
      '"full" (default) reads every list, with one upstream call each; "summary" makes one upstream call in all and leaves those lists null.',
    ),
  );
