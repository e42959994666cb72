/** Schema of a verdict policy, in calls and in the configuration; its reference is `docs/verdict.md`. */
import * as z from 'zod/mini';
import { digest, domain, ipAddress, url } from '../schema/fields/indicator.ts';

/** The names of the built-in policies. */
export const presetName = z
  .enum(['balanced', 'aggregate', 'strict', 'conservative'])
  .check(
    z.describe(
      'Preset for rules that the policy leaves out: balanced (default), aggregate, strict or conservative.',
    ),
  );

const threshold = (description: string) =>
  z
    .strictObject({
      count: z.optional(
        z
          .int()
          .check(
            z.minimum(1),
            z.maximum(200),
            z.describe('Number of engines, an integer from 1 to 200.'),
          ),
      ),
      percent: z.optional(
        z
          .int()
          .check(
            z.minimum(1),
            z.maximum(100),
            z.describe(
              'Percentage, round(100 * malicious / total), an integer from 1 to 100; needs at least 10 opinions.',
            ),
          ),
      ),
    })
    .check(
      z.refine(({ count, percent }) => count !== undefined || percent !== undefined, {
        error: 'it has neither count nor percent',
      }),
      z.describe(description),
    );

const engineName = z
  .string()
  .check(
    z.minLength(1),
    z.maxLength(64),
    z.describe("Name of an engine as in VirusTotal's results, in any case, 1 to 64 characters."),
  );
const engines = (description: string) =>
  z.optional(z.array(engineName).check(z.maxLength(100), z.describe(description)));

/** Rules for one type of indicator; the preset fills in what is missing. */
const rules = z.optional(
  z
    .strictObject({
      malicious: z.optional(
        threshold('Threshold for malicious: count, percent or both; reaching one is enough.'),
      ),
      suspicious: z.optional(
        threshold('Threshold for suspicious: count, percent or both; reaching one is enough.'),
      ),
      trust: engines('Up to 100 names of engines that decide alone.'),
      ignore: engines('Up to 100 names of engines to ignore.'),
      veto: engines(
        'Up to 100 names of engines that prevent a malicious verdict by count or percentage if they detect nothing.',
      ),
    })
    .check(z.describe('Rules for this type: malicious, suspicious, trust, ignore, veto.')),
);

const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const DATE_AND_TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;
const EXPIRY_FORMS =
  'When the entry expires: epoch seconds, YYYY-MM-DD (its last day, UTC) or YYYY-MM-DDThh:mm:ssZ.';

const epochSeconds = z.int().check(z.nonnegative(), z.maximum(253_402_300_799));
const expiry = z
  .pipe(
    z.union([epochSeconds, z.string().check(z.maxLength(20))]),
    z.transform((value: number | string, context): number => {
      const seconds = typeof value === 'number' ? value : toEpochSeconds(value);
      if (!Number.isNaN(seconds)) return seconds;
      context.issues.push({ code: 'custom', message: 'it is not a valid date', input: value });
      return z.NEVER;
    }),
  )
  .check(z.describe(EXPIRY_FORMS));

/** Returns epoch seconds, NaN for an invalid date; a date without time means the end of that day. */
function toEpochSeconds(text: string): number {
  const moment = DATE.test(text) ? `${text}T23:59:59Z` : text;
  const milliseconds = DATE_AND_TIME.test(moment) ? Date.parse(moment) : Number.NaN;
  if (Number.isNaN(milliseconds)) return Number.NaN;
  // `Date.parse` turns 30 February into 2 March.
  const exists = new Date(milliseconds).toISOString().startsWith(moment.slice(0, 10));
  return exists ? milliseconds / 1000 : Number.NaN;
}

/** The fields of an allow-list entry that name an indicator. */
export const indicatorFields = ['digest', 'domain', 'url', 'ip'] as const;

const allowEntry = z
  .strictObject({
    digest: z.optional(digest),
    domain: z.optional(
      domain.check(z.refine((name) => name.includes('.'), { error: 'it is a single label' })),
    ),
    url: z.optional(url),
    ip: z.optional(ipAddress),
    reason: z
      .string()
      .check(
        z.minLength(1),
        z.maxLength(200),
        z.describe('Why the indicator is allowed, 1 to 200 characters; the verdict quotes it.'),
      ),
    expires: z.optional(expiry),
  })
  .check(
    z.refine(
      (entry) => indicatorFields.filter((field) => entry[field] !== undefined).length === 1,
      {
        error: 'it must have exactly one of digest, domain, url and ip',
      },
    ),
    z.describe(
      'An entry: one of digest, domain, url and ip, with a reason and optionally expires.',
    ),
  );

/** A policy object. */
export const policyObject = z.strictObject({
  name: z.optional(
    z
      .string()
      .check(
        z.regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/),
        z.describe(
          'Name of the policy in the verdict, 1 to 64 letters, digits, spaces, dots, hyphens and underscores. Default: custom.',
        ),
      ),
  ),
  preset: z.optional(presetName),
  file: rules,
  url: rules,
  ip: rules,
  domain: rules,
  allow: z.optional(
    z
      .array(allowEntry)
      .check(
        z.maxLength(500),
        z.describe('Up to 500 entries for indicators that are known to be good.'),
      ),
  ),
});

/** A policy: the name of a preset, or an object. */
export const verdictPolicy = z
  .union([presetName, policyObject])
  .check(
    z.describe(
      'Verdict policy: a preset (balanced, aggregate, strict, conservative) or, except over HTTP, an object (docs/verdict.md). Default: the configured policy.',
    ),
  );

/** Name of a built-in policy. */
export type PresetName = z.infer<typeof presetName>;
/** A parsed policy object. */
export type PolicyObject = z.infer<typeof policyObject>;
/** A parsed entry of the allow list; `expires` in epoch seconds. */
export type AllowEntry = z.infer<typeof allowEntry>;
/** A parsed policy. */
export type VerdictPolicy = z.infer<typeof verdictPolicy>;
/** A policy as its author writes it. */
export type VerdictPolicyInput = z.input<typeof verdictPolicy>;
