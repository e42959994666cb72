/** The verdict policy as an environment variable. */
import { InvalidInputError } from '../shared/errors.ts';
import { parsePolicy } from '../shared/verdict/parse-policy.ts';

/** Lambda allows 4 KB of environment variables in all; the other variables need the rest. */
const LONGEST_POLICY_BYTES = 3000;

/**
 * Validates a policy and serialises it.
 *
 * @param policy - the name of a preset, or a policy as an object or JSON text
 * @param name - of the setting, for messages
 * @throws InvalidInputError that lists every bad field, or if the policy is too long
 */
export function verdictPolicyText(policy: unknown, name: string): string {
  parsePolicy(policy, name);
  const isJson = typeof policy !== 'string' || policy.trimStart().startsWith('{');
  if (!isJson) return policy;
  const text = JSON.stringify(typeof policy === 'string' ? JSON.parse(policy) : policy);
  const bytes = Buffer.byteLength(text);
  if (bytes <= LONGEST_POLICY_BYTES) return text;
  throw new InvalidInputError(
    `${name}: the policy has ${bytes} bytes as JSON; allowed: ${LONGEST_POLICY_BYTES}, because Lambda limits all environment variables together to 4 KB (pass a longer allow list with each call instead)`,
  );
}
