/** Input of `url_reputation`. */
import * as z from 'zod/mini';
import { exactlyOneOf } from '../../schema/alternatives.ts';
import { cacheMode } from '../../schema/fields/cache-mode.ts';
import { url, urlScanId } from '../../schema/fields/indicator.ts';
import { verdictPolicy } from '../../verdict/policy-schema.ts';

/** Input of `url_reputation`: exactly one of the two. */
export const urlReputationRequest = z.pipe(
  z
    .strictObject({
      url: z.optional(url),
      scan_id: z.optional(urlScanId),
      policy: z.optional(verdictPolicy),
      cache: z.optional(cacheMode),
    })
    .check(exactlyOneOf('url', 'scan_id')),
  z.transform(({ url, scan_id, policy, cache }, context) => {
    if (url && !scan_id) return { url, policy, cache };
    if (scan_id && !url) return { scan_id, policy, cache };
    context.issues.push({ code: 'custom', message: 'exactly one of them', input: undefined });
    return z.NEVER;
  }),
);

export type UrlReputationRequest = z.infer<typeof urlReputationRequest>;
