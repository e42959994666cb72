/** The connector's settings in the CDK context (`cdk deploy -c name=value`), validated as a whole. */
import * as z from 'zod/mini';
import { configDefaults, tier } from '../shared/config.ts';
import { InvalidInputError } from '../shared/errors.ts';
import { uploadMode } from '../shared/schema/fields/upload-mode.ts';
import { MAX_FILE_BYTES } from '../shared/virustotal/limits.ts';
import { parseServerUrl } from '../shared/virustotal/server.ts';
import {
  BUCKET_FORM,
  bucketArns,
  bucketNameValue,
  bytes,
  KMS_KEY_ARNS_FORM,
  KMS_KEY_FORM,
  kmsKeyArn,
  kmsKeyArns,
  listValue,
  partOfKey,
  REQUEST_BUDGET_FORM,
  requestBudget,
  share,
  trueOrFalse,
  wholeNumber,
} from './config-values.ts';
import { verdictPolicyText } from './verdict-policy.ts';

/** Retention periods that CloudWatch Logs supports, days. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

/** Validated here, and passed to the functions as text. */
const policy = z.pipe(
  z.any(),
  z.transform((policy: unknown, context): string => {
    try {
      return verdictPolicyText(policy, 'verdictPolicy');
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      context.issues.push({ code: 'custom', message: error.message, input: policy });
      return z.NEVER;
    }
  }),
);

const contextSchema = z.object({
  serverUrl: z._default(
    z.string().check(z.refine((text) => parseServerUrl(text) !== null)),
    configDefaults.serverUrl,
  ),
  apiKeySecretArn: z.optional(
    z
      .string()
      .check(
        z.regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[\w/+=.@-]{1,520}$/),
      ),
  ),
  apiKeySecretKmsKeyArn: kmsKeyArn,
  verifySsl: z._default(trueOrFalse, configDefaults.verifySsl),
  tier: z._default(tier, configDefaults.tier),
  quotaPerMinute: requestBudget,
  quotaPerDay: requestBudget,
  quotaPerMonth: requestBudget,
  interactiveShare: z._default(share, configDefaults.interactiveShare),
  virusTotalUserId: z.optional(z.string().check(z.regex(/^[\w.@+-]{1,100}$/))),
  cacheHours: z._default(
    z.pipe(wholeNumber, z.number().check(z.minimum(0), z.maximum(168))),
    configDefaults.cacheHours,
  ),
  upload: z.optional(uploadMode),
  maxReportAgeDays: z._default(
    z.pipe(wholeNumber, z.number().check(z.minimum(0), z.maximum(3650))),
    configDefaults.maxReportAgeDays,
  ),
  httpSubmissionMaxBytes: z._default(
    z.pipe(bytes, z.number().check(z.minimum(1), z.maximum(MAX_FILE_BYTES))),
    configDefaults.httpSubmissionMaxBytes,
  ),
  verdictPolicy: z._default(policy, 'balanced'),
  apiAuth: z._default(z.enum(['iam', 'api-key']), 'iam'),
  accountLogRole: z._default(z.enum(['none', 'existing', 'create']), 'none'),
  uploadBucketName: z.optional(bucketNameValue),
  uploadBucketKmsKeyArn: kmsKeyArn,
  readBucketNames: z._default(listValue(bucketNameValue), []),
  readBucketKmsKeyArns: z._default(kmsKeyArns, []),
  scanPrefixes: z._default(partOfKey, []),
  scanSuffixes: z._default(partOfKey, []),
  scanMinBytes: z.optional(bytes),
  scanMaxBytes: z.optional(bytes),
  scanBucketArns: z._default(bucketArns, []),
  scanBucketKmsKeyArns: z._default(kmsKeyArns, []),
  denyUntilVerdict: z._default(z.union([z.literal('external'), trueOrFalse]), false),
  quarantine: z._default(trueOrFalse, false),
  quarantineRetentionDays: z._default(
    z.pipe(wholeNumber, z.number().check(z.minimum(1), z.maximum(36_500))),
    30,
  ),
  failOnError: z._default(trueOrFalse, false),
  eventBusName: z.optional(z.string().check(z.regex(/^[\w./-]{1,256}$/))),
  reportRetentionDays: z._default(
    z.pipe(wholeNumber, z.number().check(z.minimum(1), z.maximum(36_500))),
    365,
  ),
  logRetentionDays: z._default(
    z.pipe(wholeNumber, z.number().check(z.refine((days) => retentionDays.includes(days)))),
    30,
  ),
});

/** Allowed values of each setting, for error messages. */
const allowed: Readonly<Record<keyof typeof contextSchema.shape, string>> = {
  serverUrl: 'an http or https URL without credentials, query or fragment, or a bare host',
  apiKeySecretArn:
    'ARN of a secret, arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME, with or without the six random characters at its end',
  apiKeySecretKmsKeyArn: KMS_KEY_FORM,
  verifySsl: 'true or false',
  tier: 'public or premium',
  quotaPerMinute: REQUEST_BUDGET_FORM,
  quotaPerDay: REQUEST_BUDGET_FORM,
  quotaPerMonth: REQUEST_BUDGET_FORM,
  interactiveShare: 'a number from 0 to 0.9999',
  virusTotalUserId: 'user id of the VirusTotal account, 1 to 100 letters, digits and _ . @ + -',
  cacheHours: 'hours, a whole number from 0 to 168',
  upload: 'always, if-unknown or never',
  maxReportAgeDays: 'days, a whole number from 0 to 3650',
  httpSubmissionMaxBytes: `bytes, a whole number from 1 to ${MAX_FILE_BYTES}`,
  verdictPolicy: 'a preset or a policy (docs/verdict.md) as an object or JSON text',
  apiAuth: 'iam or api-key',
  accountLogRole: 'none, existing or create',
  uploadBucketName: `name of a bucket, ${BUCKET_FORM}`,
  uploadBucketKmsKeyArn: KMS_KEY_FORM,
  readBucketNames: `bucket names, comma-separated, each ${BUCKET_FORM}`,
  readBucketKmsKeyArns: KMS_KEY_ARNS_FORM,
  scanPrefixes: 'key prefixes, comma-separated',
  scanSuffixes: 'key suffixes, comma-separated',
  scanMinBytes: 'bytes, a whole number',
  scanMaxBytes: 'bytes, a whole number',
  scanBucketArns: 'bucket ARNs, comma-separated, each arn:aws:s3:::NAME',
  scanBucketKmsKeyArns: KMS_KEY_ARNS_FORM,
  denyUntilVerdict: 'true, false or external',
  quarantine: 'true or false',
  quarantineRetentionDays: 'days, a whole number from 1 to 36500',
  failOnError: 'true or false',
  eventBusName: 'name of an event bus, 1 to 256 letters, digits, dots, hyphens, slashes and _',
  reportRetentionDays: 'days, a whole number from 1 to 36500',
  logRetentionDays: `days, one of ${retentionDays.join(', ')}`,
};

/** The connector's settings, with defaults. */
export type ConnectorConfig = z.infer<typeof contextSchema>;

/** Invalid settings; the message lists all of them. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Context names of the CDK itself that contain neither colon nor slash. */
const cdkNames: ReadonlySet<string> = new Set(['cli-telemetry', 'acknowledged-issue-numbers']);

/**
 * Parses the connector's settings from the CDK context.
 *
 * @param context - the whole context; names of the CDK itself (`aws:cdk:...`, `@aws-cdk/...`) are ignored
 * @throws ConfigurationError that lists every unknown name and invalid value with what is allowed
 */
export function parseContext(context: Readonly<Record<string, unknown>>): ConnectorConfig {
  const ours = Object.entries(context).filter(
    ([name]) => !/[:/]/.test(name) && !cdkNames.has(name),
  );
  const names = Object.keys(allowed);
  const unknown = ours
    .filter(([name]) => !names.includes(name))
    .map(([name]) => `${name}: unknown setting; allowed: ${names.join(', ')}`);
  const settings: Readonly<Record<string, unknown>> = Object.fromEntries(ours);
  const parsed = contextSchema.safeParse(settings);
  const invalid = parsed.success ? [] : invalidValues(parsed.error, settings);
  if (parsed.success && unknown.length === 0) return parsed.data;
  throw new ConfigurationError(['invalid CDK context:', ...unknown, ...invalid].join('\n  '));
}

function invalidValues(
  error: z.core.$ZodError,
  settings: Readonly<Record<string, unknown>>,
): string[] {
  const lines = error.issues.map(({ code, message, path: [name] }) => {
    // The policy's own message names the field.
    if (code === 'custom' && name === 'verdictPolicy') return message;
    const reason = Object.entries(allowed).find(([key]) => key === name)?.[1];
    return `${String(name)}: got ${JSON.stringify(settings[String(name)])}; allowed: ${reason}`;
  });
  return [...new Set(lines)];
}
