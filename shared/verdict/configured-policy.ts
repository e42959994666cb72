/** The policy that holds when a call names none. */
import { InvalidInputError } from '../errors.ts';
import { parsePolicy } from './parse-policy.ts';
import type { VerdictPolicy } from './policy-schema.ts';

const VARIABLE = 'VIRUSTOTAL_VERDICT_POLICY';

/**
 * Reads the policy from a function's environment; only the reputations have it.
 *
 * @param environment - usually `process.env`; an empty variable counts as absent, which is `balanced`
 * @throws Error when the variable is malformed; the message says what is allowed
 */
export function configuredPolicy(
  environment: Readonly<Record<string, string | undefined>>,
): VerdictPolicy {
  try {
    return parsePolicy(environment[VARIABLE] || 'balanced', VARIABLE);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new Error(`bad environment: ${error.message}`, { cause: error });
  }
}
