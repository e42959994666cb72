/** The verdict that every reputation carries. */
import * as z from 'zod/mini';
import { nullableCount, nullableText } from '../schema/fields/output.ts';

/** What an indicator is held to be; `docs/verdict.md` says what each means. */
export const verdictValue = z.enum([
  'malicious',
  'suspicious',
  'clean',
  'unknown',
  'pending',
  'skipped',
]);

const threshold = (description: string) =>
  z
    .object({
      count: nullableCount('So many engines or more; null: not by count.'),
      percent: nullableCount('The percentage is so high or higher; null: not by percentage.'),
    })
    .check(z.describe(description));

const engines = (description: string) => z.array(z.string()).check(z.describe(description));

/** The rules of a policy for one type of indicators, as they were applied. */
export const appliedPolicy = z
  .object({
    name: z.string().check(z.describe('Name of the policy.')),
    malicious: threshold('When the engines that say malicious make the verdict malicious.'),
    suspicious: threshold(
      'When the verdict is suspicious: the count is of engines that say malicious or suspicious, the percentage of those that say malicious.',
    ),
    trust: engines('Engines of which one suffices.'),
    ignore: engines('Engines that are not counted.'),
    veto: engines('Engines that keep the verdict from malicious when they detect nothing.'),
  })
  .check(z.describe('The policy that was applied, with its rules for this type of indicators.'));

/** An engine that says malicious or suspicious. */
export const detection = z.object({
  engine: z.string().check(z.describe('Name of the engine.')),
  category: z.enum(['malicious', 'suspicious']).check(z.describe('What it says.')),
  label: nullableText("The engine's own label, for example Trojan.Generic."),
});

/** The verdict that every reputation carries. */
export const verdict = z
  .object({
    value: verdictValue.check(
      z.describe(
        'malicious, suspicious or clean by a finished report; unknown: too little is known, never to be taken for clean; pending: still being analysed; skipped: not sent to VirusTotal.',
      ),
    ),
    reasons: z.array(z.string()).check(z.describe('Why, in sentences, the decisive one first.')),
    engines: z
      .array(detection)
      .check(z.describe('Engines that say malicious or suspicious; those ignored are left out.')),
    ratio: z
      .object({
        malicious: nullableCount('Engines that say malicious; null when there is no report.'),
        suspicious: nullableCount('Engines that say suspicious; null when there is no report.'),
        total: nullableCount(
          'Engines that gave an opinion and are not ignored; null without a report.',
        ),
        percentage: nullableCount('round(100 * malicious / total); null when total is below 10.'),
      })
      .check(z.describe('How many engines said so, without those that the policy ignores.')),
    report_age: nullableCount('Seconds since the last analysis; null when its date is not known.'),
    permalink: nullableText("Address of the report in VirusTotal's web interface."),
    allowed_because: nullableText(
      'Reason of the entry of the allow list that names the indicator; null when none does, or it has expired.',
    ),
    policy: appliedPolicy,
  })
  .check(z.describe("What the engines' opinions come to under a policy."));

/** What an indicator is held to be. */
export type VerdictValue = z.infer<typeof verdictValue>;
/** The rules of a policy for one type of indicators, as they were applied. */
export type AppliedPolicy = z.infer<typeof appliedPolicy>;
/** An engine that says malicious or suspicious. */
export type Detection = z.infer<typeof detection>;
/** The verdict that every reputation carries. */
export type Verdict = z.infer<typeof verdict>;
