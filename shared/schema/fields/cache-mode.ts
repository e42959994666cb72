/** The input field that says whether an answer may come from the cache. */
import * as z from 'zod/mini';

export const cacheMode = z
  .enum(['use', 'bypass', 'only'])
  .check(
    z.describe(
      '"use" (default) answers from the cache if it can; "bypass" asks VirusTotal and keeps its answer; "only" never asks VirusTotal: what is not in the cache is answered with response_code 0 and verdict skipped.',
    ),
  );
