/** A verdict policy, as a call or the configuration gives it; `docs/verdict.md` is its reference. */
import * as z from 'zod/mini';
import { digest, domain, ipAddress, url } from '../schema/fields/indicator.ts';

/** The policies that come with the connector. */
export const presetName = z
  .enum(['balanced', 'aggregate', 'strict', 'conservative'])
  .check(
    z.describe(
      'Preset whose rules hold where the policy says nothing: balanced (default), aggregate, strict or conservative.',
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
            z.describe('Number of engines, a whole number from 1 to 200.'),
          ),
      ),
      percent: z.optional(
        z
          .int()
          .check(
            z.minimum(1),
            z.maximum(100),
            z.describe(
              'Percentage, round(100 * malicious / total), a whole number from 1 to 100; counts from 10 opinions on.',
            ),
          ),
      ),
    })
    .check(
      z.refine(({ count, percent }) => count !== undefined || percent !== undefined, {
        error: 'it asks for nothing',
      }),
      z.describe(description),
    );

const engineName = z
  .string()
  .check(
    z.minLength(1),
    z.maxLength(64),
    z.describe(
      "Name of an engine as VirusTotal's results have it, in any case, 1 to 64 characters.",
    ),
  );
const engines = (description: string) =>
  z.optional(z.array(engineName).check(z.maxLength(100), z.describe(description)));

/** Rules for one type of indicators; what is not given is the preset's. */
const rules = z.optional(
  z
    .strictObject({
      malicious: z.optional(
        threshold(
          'Malicious from so many engines on, or from that percentage: count, percent or both.',
        ),
      ),
      suspicious: z.optional(
        threshold(
          'Suspicious from so many engines on, or from that percentage: count, percent or both.',
        ),
      ),
      trust: engines('Up to 100 names of engines of which one suffices.'),
      ignore: engines('Up to 100 names of engines that are not counted at all.'),
      veto: engines(
        'Up to 100 names of engines that keep the verdict from malicious when they detect nothing.',
      ),
    })
    .check(z.describe('Rules for this type: malicious, suspicious, trust, ignore, veto.')),
);

const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const DATE_AND_TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;
const EXPIRY_FORMS =
  'When the entry ends: epoch seconds, YYYY-MM-DD (the last day on which it holds, UTC) or YYYY-MM-DDThh:mm:ssZ.';

const epochSeconds = z.int().check(z.nonnegative(), z.maximum(253_402_300_799));
const expiry = z
  .pipe(
    z.union([epochSeconds, z.string().check(z.maxLength(20))]),
    z.transform((given: number | string, context): number => {
      const seconds = typeof given === 'number' ? given : epochOfDate(given);
      if (!Number.isNaN(seconds)) return seconds;
      context.issues.push({ code: 'custom', message: 'it is no such date', input: given });
      return z.NEVER;
    }),
  )
  .check(z.describe(EXPIRY_FORMS));

/** Epoch seconds, NaN when it is no date; a day alone counts to its end. */
function epochOfDate(text: string): number {
  const moment = DATE.test(text) ? `${text}T23:59:59Z` : text;
  const milliseconds = DATE_AND_TIME.test(moment) ? Date.parse(moment) : Number.NaN;
  if (Number.isNaN(milliseconds)) return Number.NaN;
  // `Date.parse` takes 30 February for 2 March.
  const exists = new Date(milliseconds).toISOString().startsWith(moment.slice(0, 10));
  return exists ? milliseconds / 1000 : Number.NaN;
}

/** The kinds of indicators that an entry of the allow list can name. */
export const listedKinds = ['digest', 'domain', 'url', 'ip'] as const;

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
    z.refine((entry) => listedKinds.filter((kind) => entry[kind] !== undefined).length === 1, {
      error: 'it names not exactly one indicator',
    }),
    z.describe('An entry with reason, perhaps expires, and one of digest, domain, url and ip.'),
  );

/** A policy that is written out. */
export const policyObject = z.strictObject({
  name: z.optional(
    z
      .string()
      .check(
        z.regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/),
        z.describe(
          'Name that the verdict shows, 1 to 64 letters, digits, spaces, dots, hyphens and underscores; default: custom.',
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
      .check(z.maxLength(500), z.describe('Up to 500 entries: indicators that are known good.')),
  ),
});

/** A policy: a preset's name, or an object. */
export const verdictPolicy = z
  .union([presetName, policyObject])
  .check(
    z.describe(
      'Verdict policy: a preset (balanced, aggregate, strict, conservative) or, except over HTTP, an object (docs/verdict.md); default: the configured one.',
    ),
  );

/** Name of a policy that comes with the connector. */
export type PresetName = z.infer<typeof presetName>;
/** A policy that is written out, parsed. */
export type PolicyObject = z.infer<typeof policyObject>;
/** An entry of the allow list, parsed; `expires` in epoch seconds. */
export type AllowEntry = z.infer<typeof allowEntry>;
/** A policy, parsed. */
export type VerdictPolicy = z.infer<typeof verdictPolicy>;
/** A policy as it is written. */
export type VerdictPolicyInput = z.input<typeof verdictPolicy>;
