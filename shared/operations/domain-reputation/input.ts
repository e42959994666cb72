/** Input of `domain_reputation`. */
import * as z from 'zod/mini';
import { cacheMode } from '../../schema/fields/cache-mode.ts';
import { details } from '../../schema/fields/details.ts';
import { domain } from '../../schema/fields/indicator.ts';
import { verdictPolicy } from '../../verdict/policy-schema.ts';

export const domainReputationRequest = z.strictObject({
  domain,
  details: z.optional(details),
  policy: z.optional(verdictPolicy),
  cache: z.optional(cacheMode),
});

export type DomainReputationRequest = z.infer<typeof domainReputationRequest>;
