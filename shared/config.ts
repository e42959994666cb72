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
} as const;

/** Variables of every function that calls VirusTotal. */
export const upstreamVariables = {
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
};

/** Variables of the reputations whose lists depend on the account. */
export const reputationVariables = {
  ...upstreamVariables,
  VIRUSTOTAL_TIER: z._default(tier, configDefaults.tier),
};
