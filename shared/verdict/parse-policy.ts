/** Parses a verdict policy of the configuration: the name of a preset, an object, or its JSON text. */
import * as z from 'zod/mini';
import { InvalidInputError } from '../errors.ts';
import { parseInput } from '../schema/parse-input.ts';
import { parseJson } from '../schema/parse-json.ts';
import { got } from '../schema/quote.ts';
import { type VerdictPolicy, verdictPolicy } from './policy-schema.ts';

const configuration = z.object({ policy: verdictPolicy });

/**
 * Parses a policy of the configuration.
 *
 * @param value - the name of a preset, a policy object, or its JSON text
 * @param variable - name of the setting, for messages
 * @throws InvalidInputError that names every bad field, what it was and what is allowed
 */
export function parsePolicy(value: unknown, variable: string): VerdictPolicy {
  const isJson = typeof value === 'string' && value.trimStart().startsWith('{');
  const policy = isJson ? parseJson(value) : value;
  if (isJson && policy === undefined) {
    throw new InvalidInputError(
      `${variable}: got ${got(value)}; allowed: a preset's name, or valid JSON of a policy`,
    );
  }
  return parseInput(configuration, { policy }, { policy: variable }).policy;
}
