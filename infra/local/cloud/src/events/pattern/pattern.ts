/**
 * Event patterns, matched as EventBridge does: every field of the pattern must match (AND), with at least
 * one of the alternatives in its array (OR). Unsupported operators are refused when the pattern is
 * compiled, because a rule that ignored one would match too much.
 */
import { isRecord, ownField, type Scalar } from '../../json.ts';
import { compileAlternative } from './operators.ts';
import { EventPatternError } from './pattern-error.ts';

/** Says whether an event, parsed from JSON, matches. */
export type EventTest = (event: unknown) => boolean;

/**
 * Compiles a pattern.
 *
 * @param pattern - parsed from JSON
 * @throws EventPatternError when EventBridge would refuse it, or when an operator is not supported
 */
export function compilePattern(pattern: unknown): EventTest {
  return compileObject('', pattern);
}

/** Whether an event matches a pattern. @throws EventPatternError */
export function matches(pattern: unknown, event: unknown): boolean {
  return compilePattern(pattern)(event);
}

function compileObject(path: string, pattern: unknown): EventTest {
  if (!isRecord(pattern)) throw new EventPatternError(path, 'must be an object or an array');
  const fields = Object.entries(pattern);
  if (fields.length === 0) throw new EventPatternError(path, 'empty objects are not allowed');
  const tests = fields.map(([name, expected]) => compileField(path, name, expected));
  const all: EventTest = (value) => tests.every((test) => test(value));
  // In an array of objects, one of them has to match as a whole.
  return (value) => (Array.isArray(value) ? value.some(all) : all(value));
}

function compileField(path: string, name: string, expected: unknown): EventTest {
  const fieldPath = path ? `${path}.${name}` : name;
  if (name === '$or') {
    throw new EventPatternError(fieldPath, 'the local run does not support the operator "$or"');
  }
  const test = Array.isArray(expected)
    ? compileLeaf(fieldPath, expected)
    : compileObject(fieldPath, expected);
  return (value) => test(ownField(value, name));
}

function compileLeaf(path: string, expected: readonly unknown[]): EventTest {
  if (expected.length === 0) throw new EventPatternError(path, 'empty arrays are not allowed');
  const tests = expected.map((alternative) => compileAlternative(path, alternative));
  return (value) => scalarsOf(value).some((scalar) => tests.some((test) => test(scalar)));
}

/** The values of a field; objects have none, since only leaves are compared. */
function scalarsOf(value: unknown): readonly Scalar[] {
  if (Array.isArray(value)) return value.flatMap(scalarsOf);
  if (value === undefined || isRecord(value)) return [];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? [value]
    : [null];
}
