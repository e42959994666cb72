/** The judges of a function: one per call, by its own policy or the configured one. */

import { configuredPolicy } from './configured-policy.ts';
import { type Judge, judgeOf } from './judge.ts';
import type { VerdictPolicy } from './policy-schema.ts';
import type { IndicatorType } from './presets.ts';

/**
 * Reads the configured policy once, and makes the judges of a function's calls.
 *
 * @param type - of the indicators that the function is asked about
 * @param environment - usually `process.env`
 * @param now - clock, epoch milliseconds
 * @throws Error when the configured policy is malformed
 */
export function judges(
  type: IndicatorType,
  environment: Readonly<Record<string, string | undefined>>,
  now: () => number = Date.now,
): (asked: string | null, policy: VerdictPolicy | undefined) => Judge {
  const configured = configuredPolicy(environment);
  return (asked, policy = configured) => judgeOf({ type, asked, policy, nowSeconds: now() / 1000 });
}
