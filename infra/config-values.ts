/** Values of the connector's settings, as the command line (text) and cdk.json (JSON) give them. */
import * as z from 'zod/mini';

const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const BUCKET_ARN = /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
export const BUCKET_FORM = '3 to 63 lower-case letters, digits, dots and hyphens';
const KMS_KEY_ARN =
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
export const KMS_KEY_FORM = 'ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID';
export const KMS_KEY_ARNS_FORM =
  'ARNs of KMS keys, comma-separated, each arn:aws:kms:REGION:ACCOUNT:key/ID';

/** The command line passes every value as text; cdk.json passes JSON. */
export const trueOrFalse = z.pipe(
  z.union([z.boolean(), z.enum(['true', 'false'])]),
  z.transform((value) => value === true || value === 'true'),
);
export const wholeNumber = z.pipe(
  z.union([z.int(), z.string().check(z.regex(/^[0-9]{1,5}$/))]),
  z.transform(Number),
);
export const kmsKeyArn = z.optional(z.string().check(z.regex(KMS_KEY_ARN)));
/** A list, comma-separated on the command line. */
export const listValue = (item: z.ZodMiniString<string>) =>
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
export const kmsKeyArns = listValue(z.string().check(z.regex(KMS_KEY_ARN)));
export const bucketNameValue = z.string().check(z.regex(BUCKET_NAME));
export const bucketArns = listValue(z.string().check(z.regex(BUCKET_ARN)));
export const bytes = z.pipe(
  z.union([z.int(), z.string().check(z.regex(/^[0-9]{1,13}$/))]),
  z.pipe(
    z.transform((value: number | string) => Number(value)),
    z.number().check(z.minimum(0)),
  ),
);
/** Parts of object keys: not empty, at most the length of a key. */
export const partOfKey = listValue(z.string().check(z.minLength(1), z.maxLength(1024)));
export const REQUEST_BUDGET_FORM = 'requests, a whole number from 1, or none';
/** A budget of requests: a number, or `none` for no limit. */
export const requestBudget = z.optional(
  z.pipe(
    z.union([z.int().check(z.minimum(1)), z.string().check(z.regex(/^(none|[1-9][0-9]{0,9})$/))]),
    z.transform((value: number | string) => (value === 'none' ? 'none' : Number(value))),
  ),
);
/** A part of a budget, below all of it. */
export const share = z.pipe(
  z.union([z.number(), z.string().check(z.regex(/^0(\.[0-9]{1,4})?$/))]),
  z.pipe(
    z.transform((value: number | string) => Number(value)),
    z.number().check(z.minimum(0), z.maximum(0.9999)),
  ),
);
