/** The CDK context of the connector (`cdk deploy -c name=value`), typed and checked as a whole. */
import * as z from 'zod/mini';
import { configDefaults, tier } from '../shared/config.ts';
import { InvalidInputError } from '../shared/errors.ts';
import { uploadMode } from '../shared/schema/fields/upload-mode.ts';
import { MAX_FILE_BYTES } from '../shared/virustotal/limits.ts';
import { parseServerUrl } from './server-url.ts';
import { verdictPolicyText } from './verdict-policy.ts';

/** Retention periods that CloudWatch Logs takes, days. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const BUCKET_ARN = /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const BUCKET_FORM = '3 to 63 lower-case letters, digits, dots and hyphens';
const KMS_KEY_ARN =
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const KMS_KEY_FORM = 'ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID';

/** The command line gives every value as text; cdk.json gives JSON. */
const trueOrFalse = z.pipe(
  z.union([z.boolean(), z.enum(['true', 'false'])]),
  z.transform((value) => value === true || value === 'true'),
);
const whole = z.pipe(
  z.union([z.int(), z.string().check(z.regex(/^[0-9]{1,5}$/))]),
  z.transform(Number),
);
const kmsKeyArn = z.optional(z.string().check(z.regex(KMS_KEY_ARN)));
/** A list: the command line gives it with commas. */
const listOf = (item: z.ZodMiniString<string>) =>
  z.pipe(
    z.union([
      z.array(z.string()),
      z.pipe(
        z.string(),
        z.transform((list: string) => list.split(',').map((name) => name.trim())),
      ),
    ]),
    z.array(item),
  );
const bucketNames = listOf(z.string().check(z.regex(BUCKET_NAME)));
const bytes = z.pipe(
  z.union([z.int(), z.string().check(z.regex(/^[0-9]{1,13}$/))]),
  z.pipe(
    z.transform((value: number | string) => Number(value)),
    z.number().check(z.minimum(0)),
  ),
);
/** Of a key: not empty, at most what a key may have. */
const partOfKey = listOf(z.string().check(z.minLength(1), z.maxLength(1024)));

/** Checked here, and kept as the text that the functions read. */
const policy = z.pipe(
  z.any(),
  z.transform((given: unknown, context): string => {
    try {
      return verdictPolicyText(given, 'verdictPolicy');
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      context.issues.push({ code: 'custom', message: error.message, input: given });
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
  upload: z.optional(uploadMode),
  maxReportAgeDays: z._default(
    z.pipe(whole, z.number().check(z.minimum(0), z.maximum(3650))),
    configDefaults.maxReportAgeDays,
  ),
  httpSubmissionMaxBytes: z._default(
    z.pipe(bytes, z.number().check(z.minimum(1), z.maximum(MAX_FILE_BYTES))),
    configDefaults.httpSubmissionMaxBytes,
  ),
  verdictPolicy: z._default(policy, 'balanced'),
  apiAuth: z._default(z.enum(['iam', 'api-key']), 'iam'),
  uploadBucketName: z.optional(z.string().check(z.regex(BUCKET_NAME))),
  uploadBucketKmsKeyArn: kmsKeyArn,
  readBucketNames: z._default(bucketNames, []),
  scanPrefixes: z._default(partOfKey, []),
  scanSuffixes: z._default(partOfKey, []),
  scanMinBytes: z.optional(bytes),
  scanMaxBytes: z.optional(bytes),
  scanBucketArns: z._default(listOf(z.string().check(z.regex(BUCKET_ARN))), []),
  denyUntilVerdict: z._default(z.union([z.literal('external'), trueOrFalse]), false),
  quarantine: z._default(trueOrFalse, false),
  quarantineRetentionDays: z._default(
    z.pipe(whole, z.number().check(z.minimum(1), z.maximum(36_500))),
    30,
  ),
  eventBusName: z.optional(z.string().check(z.regex(/^[\w./-]{1,256}$/))),
  reportRetentionDays: z._default(
    z.pipe(whole, z.number().check(z.minimum(1), z.maximum(36_500))),
    365,
  ),
  logRetentionDays: z._default(
    z.pipe(whole, z.number().check(z.refine((days) => retentionDays.includes(days)))),
    30,
  ),
});

/** What each name of the context may be, in words. */
const allowed: Readonly<Record<keyof typeof contextSchema.shape, string>> = {
  serverUrl: 'an http or https address without credentials, query and fragment, or a bare host',
  apiKeySecretArn:
    'ARN of a secret, arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME, with or without the six characters that end it',
  apiKeySecretKmsKeyArn: KMS_KEY_FORM,
  verifySsl: 'true or false',
  tier: 'public or premium',
  upload: 'always, if-unknown or never',
  maxReportAgeDays: 'days, a whole number from 0 to 3650',
  httpSubmissionMaxBytes: `bytes, a whole number from 1 to ${MAX_FILE_BYTES}`,
  verdictPolicy: "a preset's name or a policy (docs/verdict.md), an object or its JSON text",
  apiAuth: 'iam or api-key',
  uploadBucketName: `name of a bucket, ${BUCKET_FORM}`,
  uploadBucketKmsKeyArn: KMS_KEY_FORM,
  readBucketNames: `names of buckets, separated by commas, each ${BUCKET_FORM}`,
  scanPrefixes: 'beginnings of keys, separated by commas',
  scanSuffixes: 'endings of keys, separated by commas',
  scanMinBytes: 'bytes, a whole number',
  scanMaxBytes: 'bytes, a whole number',
  scanBucketArns: 'ARNs of buckets, separated by commas, each arn:aws:s3:::NAME',
  denyUntilVerdict: 'true, false or external',
  quarantine: 'true or false',
  quarantineRetentionDays: 'days, a whole number from 1 to 36500',
  eventBusName: 'name of an event bus, 1 to 256 letters, digits, dots, hyphens, slashes and _',
  reportRetentionDays: 'days, a whole number from 1 to 36500',
  logRetentionDays: `days, one of ${retentionDays.join(', ')}`,
};

/** The connector's configuration, as `infra/app.ts` gives it to the stack. */
export type ConnectorConfig = z.infer<typeof contextSchema>;

/** The context is wrong; the message lists everything that is. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Names of the context that are the CDK's own, besides those with a colon or slash in them. */
const cdkNames: ReadonlySet<string> = new Set(['cli-telemetry', 'acknowledged-issue-numbers']);

/**
 * Reads the connector's configuration from the CDK context.
 *
 * @param context - all of it; names of the CDK itself (`aws:cdk:...`, `@aws-cdk/...`) are left alone
 * @throws ConfigurationError that lists every unknown name and every bad value, and what is allowed
 */
export function parseContext(context: Readonly<Record<string, unknown>>): ConnectorConfig {
  const ours = Object.entries(context).filter(
    ([name]) => !/[:/]/.test(name) && !cdkNames.has(name),
  );
  const names = Object.keys(allowed);
  const unknown = ours
    .filter(([name]) => !names.includes(name))
    .map(([name]) => `${name}: unknown name; allowed: ${names.join(', ')}`);
  const given: Readonly<Record<string, unknown>> = Object.fromEntries(ours);
  const parsed = contextSchema.safeParse(given);
  const bad = parsed.success ? [] : badValues(parsed.error, given);
  if (parsed.success && unknown.length === 0) return parsed.data;
  throw new ConfigurationError(['bad CDK context:', ...unknown, ...bad].join('\n  '));
}

function badValues(error: z.core.$ZodError, given: Readonly<Record<string, unknown>>): string[] {
  const lines = error.issues.map(({ code, message, path: [name] }) => {
    // The policy's own message names the place within it.
    if (code === 'custom' && name === 'verdictPolicy') return message;
    const reason = Object.entries(allowed).find(([key]) => key === name)?.[1];
    return `${String(name)}: got ${JSON.stringify(given[String(name)])}; allowed: ${reason}`;
  });
  return [...new Set(lines)];
}
