/** Input of `domain_reputation`. */
import * as z from 'zod/mini';
import { details } from '../../schema/fields/details.ts';
import { domain } from '../../schema/fields/indicator.ts';
import { verdictPolicy } from '../../verdict/policy-schema.ts';

export const domainReputationRequest = z.strictObject({
  domain,
  details: z.optional(details),
  policy: z.optional(verdictPolicy),
});

export type DomainReputationRequest = z.infer<typeof domainReputationRequest>;
