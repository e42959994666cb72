/** The verdict policy as the functions' environment carries it. */
import { InvalidInputError } from '../shared/errors.ts';
import { parsePolicy } from '../shared/verdict/parse-policy.ts';

/** Lambda takes 4 KB of environment in all; the other variables need the rest. */
const LONGEST_POLICY_BYTES = 3000;

/**
 * Checks a policy, and writes it as text.
 *
 * @param given - a preset's name, or a policy, as an object or its JSON text
 * @param name - of the context or property that holds it, for messages
 * @throws InvalidInputError that names every bad field, or says that the policy is too long
 */
export function verdictPolicyText(given: unknown, name: string): string {
  parsePolicy(given, name);
  const isJson = typeof given !== 'string' || given.trimStart().startsWith('{');
  if (!isJson) return given;
  const text = JSON.stringify(typeof given === 'string' ? JSON.parse(given) : given);
  const bytes = Buffer.byteLength(text);
  if (bytes <= LONGEST_POLICY_BYTES) return text;
  throw new InvalidInputError(
    `${name}: got a policy of ${bytes} bytes as JSON; allowed: ${LONGEST_POLICY_BYTES} at most, because Lambda takes 4 KB of environment variables in all (give a longer allow list per call)`,
  );
}
