/** Inputs and outputs of the functions of the playbook `EnrichIndicators`. */
import * as z from 'zod/mini';
import { cacheMode } from '../schema/fields/cache-mode.ts';
import { details } from '../schema/fields/details.ts';

/** Input of the playbook, and of `classify-indicators`. */
export const enrichmentRequest = z.strictObject({
  indicators: z
    .array(z.unknown())
    .check(z.describe('a list of digests, IP addresses, domains and URLs, which may be defanged')),
  details: z.optional(details),
  cache: z.optional(cacheMode),
});

/** One entry of the list. */
export interface ClassifiedIndicator {
  /** As the caller wrote it; cut if it is not an indicator. */
  readonly indicator: string;
  readonly type: 'hash' | 'ip' | 'domain' | 'url' | 'none';
  /** Why it is not an indicator; absent if it is one, because reports need the room in the state's data. */
  readonly reason?: string;
}

/** Output of `classify-indicators`. */
export interface ClassifiedIndicators {
  readonly items: readonly ClassifiedIndicator[];
  readonly details: 'full' | 'summary';
  readonly cache: 'use' | 'bypass' | 'only';
  /** Names of the lists that were cut: `indicators` or none. */
  readonly truncated: readonly string[];
}

/** Input of `keep-report`. */
export const keepReportRequest = z.object({
  execution: z.string().check(z.regex(/^[^/]{1,80}$/), z.describe('Name of the execution.')),
  index: z.int().check(z.minimum(0), z.describe('Position in the list.')),
  type: z.enum(['hash', 'ip', 'domain', 'url']),
  report: z.record(z.string(), z.unknown()).check(z.describe('Output of a reputation.')),
});

/** Input of `keep-report`. */
export type KeepReportRequest = z.infer<typeof keepReportRequest>;
