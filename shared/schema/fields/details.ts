/** How much of a report is asked for, as input. */
import * as z from 'zod/mini';

/** How much is asked of VirusTotal. */
export const details = z
  .enum(['full', 'summary'])
  .check(
    z.describe(
      '"full" (default) fills the lists that cost further upstream calls; "summary" makes exactly one upstream call and leaves them null.',
    ),
  );
