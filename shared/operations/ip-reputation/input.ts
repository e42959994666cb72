/** Input of `ip_reputation`. */
import * as z from 'zod/mini';
import { cacheMode } from '../../schema/fields/cache-mode.ts';
import { details } from '../../schema/fields/details.ts';
import { ipAddress } from '../../schema/fields/indicator.ts';
import { verdictPolicy } from '../../verdict/policy-schema.ts';

export const ipReputationRequest = z.strictObject({
  ip: ipAddress,
  details: z.optional(details),
  policy: z.optional(verdictPolicy),
  cache: z.optional(cacheMode),
});

export type IpReputationRequest = z.infer<typeof ipReputationRequest>;
