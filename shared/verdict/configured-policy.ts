/** The policy for calls that pass none. */
import { InvalidInputError } from '../errors.ts';
import { parsePolicy } from './parse-policy.ts';
import type { VerdictPolicy } from './policy-schema.ts';

const VARIABLE = 'VIRUSTOTAL_VERDICT_POLICY';

/**
 * Reads the policy of a reputation function. An empty or missing variable means `balanced`.
 *
 * @throws Error if the variable is malformed; the message says what is allowed
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
