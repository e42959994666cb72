/** Input of `file_reputation`. */
import * as z from 'zod/mini';
import { exactlyOneOf } from '../../schema/alternatives.ts';
import { cacheMode } from '../../schema/fields/cache-mode.ts';
import { digest, fileScanId } from '../../schema/fields/indicator.ts';
import { verdictPolicy } from '../../verdict/policy-schema.ts';

/** Input of `file_reputation`: exactly one of the two. */
export const fileReputationRequest = z.pipe(
  z
    .strictObject({
      hash: z.optional(digest),
      scan_id: z.optional(fileScanId),
      policy: z.optional(verdictPolicy),
      cache: z.optional(cacheMode),
    })
    .check(exactlyOneOf('hash', 'scan_id')),
  z.transform(({ hash, scan_id, policy, cache }, context) => {
    if (hash && !scan_id) return { hash, policy, cache };
    if (scan_id && !hash) return { scan_id, policy, cache };
    context.issues.push({ code: 'custom', message: 'exactly one of them', input: undefined });
    return z.NEVER;
  }),
);

export type FileReputationRequest = z.infer<typeof fileReputationRequest>;
