/** Schema of the verdict that every reputation has. */
import * as z from 'zod/mini';
import { nullableCount, nullableText } from '../schema/fields/output.ts';

/** The possible verdicts; `docs/verdict.md` explains each. */
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
      count: nullableCount('Minimum number of engines; null if there is no count threshold.'),
      percent: nullableCount('Minimum percentage; null if there is no percentage threshold.'),
    })
    .check(z.describe(description));

const engines = (description: string) => z.array(z.string()).check(z.describe(description));

/** The policy that was applied, with its rules for one type of indicator. */
export const appliedPolicy = z
  .object({
    name: z.string().check(z.describe('Name of the policy.')),
    malicious: threshold('Threshold for malicious: engines that say malicious.'),
    suspicious: threshold(
      'Threshold for suspicious: the count includes engines that say malicious or suspicious, the percentage only those that say malicious.',
    ),
    trust: engines('Engines that decide alone.'),
    ignore: engines('Engines that are ignored.'),
    veto: engines(
      'Engines that prevent a malicious verdict by count or percentage if they detect nothing.',
    ),
  })
  .check(z.describe('The policy that was applied, with its rules for this type of indicator.'));

/** An engine that says malicious or suspicious. */
export const detection = z.object({
  engine: z.string().check(z.describe('Name of the engine.')),
  category: z.enum(['malicious', 'suspicious']).check(z.describe('Its opinion.')),
  label: nullableText("The engine's own label, for example Trojan.Generic."),
});

/** The verdict of a reputation. */
export const verdict = z
  .object({
    value: verdictValue.check(
      z.describe(
        'malicious, suspicious or clean: there is a finished report. unknown: no report or too few opinions, which does not mean clean. pending: still being analysed. skipped: not sent to VirusTotal.',
      ),
    ),
    reasons: z.array(z.string()).check(z.describe('Reasons in sentences, the decisive one first.')),
    engines: z
      .array(detection)
      .check(z.describe('Engines that say malicious or suspicious, without ignored engines.')),
    ratio: z
      .object({
        malicious: nullableCount('Engines that say malicious; null without a report.'),
        suspicious: nullableCount('Engines that say suspicious; null without a report.'),
        total: nullableCount('Engines with an opinion; null without a report.'),
        percentage: nullableCount('round(100 * malicious / total); null if total is below 10.'),
      })
      .check(z.describe('Number of engines by opinion, without ignored engines.')),
    report_age: nullableCount('Seconds since the last analysis; null if its date is unknown.'),
    permalink: nullableText("Address of the report in VirusTotal's web interface."),
    allowed_because: nullableText(
      'Reason of the allow-list entry that matches the indicator; null if none matches or it has expired.',
    ),
    policy: appliedPolicy,
  })
  .check(z.describe("Verdict on the engines' opinions under a policy."));

/** One of the possible verdicts. */
export type VerdictValue = z.infer<typeof verdictValue>;
/** The policy that was applied, with its rules for one type of indicator. */
export type AppliedPolicy = z.infer<typeof appliedPolicy>;
/** An engine that says malicious or suspicious. */
export type Detection = z.infer<typeof detection>;
/** The verdict of a reputation. */
export type Verdict = z.infer<typeof verdict>;
