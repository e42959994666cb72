/** A verdict policy of the configuration: a preset's name, or an object, also as JSON text. */
import * as z from 'zod/mini';
import { InvalidInputError } from '../errors.ts';
import { parseInput } from '../schema/parse-input.ts';
import { got } from '../schema/quote.ts';
import { type VerdictPolicy, verdictPolicy } from './policy-schema.ts';

const configuration = z.object({ policy: verdictPolicy });

/**
 * Parses a policy of the configuration.
 *
 * @param given - a preset's name, JSON text of a policy, or its object
 * @param name - of the variable that holds it, for messages
 * @throws InvalidInputError that names every bad field, what was got and what is allowed
 */
export function parsePolicy(given: unknown, name: string): VerdictPolicy {
  const policy =
    typeof given === 'string' && given.trimStart().startsWith('{') ? parseJson(given, name) : given;
  return parseInput(configuration, { policy }, { policy: name }).policy;
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidInputError(
      `${name}: got ${got(text)}; allowed: a preset's name, or valid JSON of a policy`,
      { cause },
    );
  }
}
