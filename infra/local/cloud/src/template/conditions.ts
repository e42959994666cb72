/** Conditions of a template (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html). */
import { isRecord } from '../events/json.ts';
import type { Lookup } from './intrinsics.ts';
import { UnsupportedTemplateError } from './unsupported.ts';

/**
 * Evaluates a condition.
 *
 * @throws UnsupportedTemplateError when it is none that the local run knows
 */
export function isFulfilled(condition: unknown, lookup: Lookup): boolean {
  const [entry] = isRecord(condition) ? Object.entries(condition) : [];
  const [name, argument] = entry ?? [];
  if (name === 'Condition' && typeof argument === 'string') return lookup.condition(argument);
  const parts: readonly unknown[] = Array.isArray(argument) ? argument : [];
  const part = (index: number) => isFulfilled(parts[index], lookup);
  switch (name) {
    case 'Fn::Equals':
      return same(lookup.resolve(parts[0]), lookup.resolve(parts[1]));
    case 'Fn::Not':
      return !part(0);
    case 'Fn::And':
      return parts.every((_, index) => part(index));
    case 'Fn::Or':
      return parts.some((_, index) => part(index));
    default:
      throw new UnsupportedTemplateError(
        `the local run does not know the condition ${JSON.stringify(condition)}`,
      );
  }
}

/** CloudFormation compares the texts: `true` equals `"true"`. */
function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(textual(one)) === JSON.stringify(textual(other));
}

function textual(value: unknown): unknown {
  return typeof value === 'object' ? value : String(value);
}
