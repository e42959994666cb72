/** Settings of the functions: defaults, and variables that several functions read. */
import * as z from 'zod/mini';
import { requiredVariable } from './environment.ts';

/** VirusTotal account types: with `public`, no lists are requested that need a premium key. */
export const tier = z.enum(['public', 'premium']);

/** A VirusTotal account type. */
export type Tier = z.infer<typeof tier>;

/** Values of settings that neither the CDK context nor the environment sets. */
export const configDefaults = {
  serverUrl: 'https://www.virustotal.com',
  verifySsl: true,
  tier: 'public',
  /** Days. */
  maxReportAgeDays: 30,
  /**
   * Longest object that `POST /files` sends within the call, bytes. Of the 28 s that an HTTP answer has,
   * about 4 s go to a cold start, key and S3, and about 8 s to VirusTotal's upload URL and answer; in the
   * other 16 s a modest 2 MB/s sends 32 MB. It is also the longest request that needs no upload URL.
   */
  httpSubmissionMaxBytes: 32_000_000,
  /** Part of minute and day that interactive callers have for themselves. */
  interactiveShare: 0.25,
  /** How long VirusTotal's answers are kept, hours. */
  cacheHours: 24,
} as const;

/** A budget of requests: a number, `none`, or unset. */
const budget = z.optional(
  z.pipe(
    z.string().check(z.regex(/^(none|[1-9][0-9]{0,9})$/)),
    z.transform((text) => (text === 'none' ? Number.POSITIVE_INFINITY : Number(text))),
  ),
);

/** Variables of every function that reads the quota's ledger. */
export const quotaVariables = {
  VIRUSTOTAL_TIER: z._default(tier, configDefaults.tier),
  /** Table with the quota's ledger. */
  STATE_TABLE: requiredVariable,
  /** Budgets of the account; those that are not set are learnt, or those of its tier. */
  VIRUSTOTAL_QUOTA_PER_MINUTE: budget,
  VIRUSTOTAL_QUOTA_PER_DAY: budget,
  VIRUSTOTAL_QUOTA_PER_MONTH: budget,
  VIRUSTOTAL_INTERACTIVE_SHARE: z._default(
    z.pipe(
      z.string().check(z.regex(/^0(\.[0-9]{1,4})?$/)),
      z.transform((text) => Number(text)),
    ),
    configDefaults.interactiveShare,
  ),
};

/** Parsed variables of a function that reads the quota's ledger. */
export type QuotaConfig = z.infer<z.ZodMiniObject<typeof quotaVariables>>;

/** Variables of every function that calls VirusTotal. */
export const upstreamVariables = {
  ...quotaVariables,
  /** Server of the VirusTotal API (see `parseServer`). */
  VIRUSTOTAL_SERVER_URL: z._default(requiredVariable, configDefaults.serverUrl),
  /** ARN of the secret that holds the API key. */
  VIRUSTOTAL_API_KEY_SECRET_ARN: requiredVariable,
  /** Whether to verify the server's TLS certificate. */
  VIRUSTOTAL_VERIFY_SSL: z._default(
    z.pipe(
      z.enum(['true', 'false']),
      z.transform((value) => value === 'true'),
    ),
    configDefaults.verifySsl,
  ),
  /** Name of the stack, the dimension of metrics. */
  STACK_NAME: z._default(requiredVariable, 'VirusTotalConnector'),
  /** How long VirusTotal's answers are kept, hours; 0: they are not. */
  VIRUSTOTAL_CACHE_HOURS: z._default(
    z.pipe(z.string().check(z.regex(/^[0-9]{1,3}$/)), z.transform(Number)),
    configDefaults.cacheHours,
  ),
  /** User id of the account, by which its quotas are read. */
  VIRUSTOTAL_USER_ID: z.optional(requiredVariable),
};
