/**
 * Event patterns, as EventBridge matches them: every field of the pattern must match (AND), one of the
 * alternatives in its array does (OR). What an operator's name is not known for is refused when the
 * pattern is compiled, because a rule that ignored it would match too much.
 */
import { isRecord, ownField, type Scalar } from '../json.ts';
import { type Alternative, compileAlternative, OPERATOR_NAMES } from './operators.ts';
import { EventPatternError } from './pattern-error.ts';

/** Says whether an event, parsed from JSON, fits. */
export type EventTest = (event: unknown) => boolean;

/**
 * Compiles a pattern.
 *
 * @param pattern - parsed from JSON
 * @throws EventPatternError when EventBridge would refuse it, or for an operator that is not known here
 */
export function compilePattern(pattern: unknown): EventTest {
  return compileObject('', pattern);
}

/** Whether an event fits a pattern. @throws EventPatternError */
export function matches(pattern: unknown, event: unknown): boolean {
  return compilePattern(pattern)(event);
}

function compileObject(path: string, pattern: unknown): EventTest {
  if (!isRecord(pattern)) throw new EventPatternError(path, 'must be an object or an array');
  const fields = Object.entries(pattern);
  if (fields.length === 0) throw new EventPatternError(path, 'empty objects are not allowed');
  const tests = fields.map(([name, wanted]) =>
    name === '$or' ? compileOr(path, wanted) : compileField(path, name, wanted),
  );
  const all: EventTest = (value) => tests.every((test) => test(value));
  // An array of objects: one of them has to fit as a whole. An empty one has no fields.
  return (value) => (Array.isArray(value) && value.length > 0 ? value.some(all) : all(value));
}

function compileField(path: string, name: string, wanted: unknown): EventTest {
  const fieldPath = path ? `${path}.${name}` : name;
  const test = Array.isArray(wanted)
    ? compileLeaf(fieldPath, wanted)
    : compileObject(fieldPath, wanted);
  return (value) => test(ownField(value, name));
}

function compileLeaf(path: string, wanted: readonly unknown[]): EventTest {
  if (wanted.length === 0) throw new EventPatternError(path, 'empty arrays are not allowed');
  const alternatives = wanted.map((alternative) => compileAlternative(path, alternative));
  return (value) => {
    const values = scalarsOf(value);
    return alternatives.some((alternative) => fits(alternative, values));
  };
}

function fits(alternative: Alternative, values: readonly Scalar[]): boolean {
  if (alternative.kind === 'exists') return values.length > 0 === alternative.exists;
  return values.some(alternative.test);
}

function compileOr(path: string, wanted: unknown): EventTest {
  const orPath = path ? `${path}.$or` : '$or';
  if (!Array.isArray(wanted) || wanted.length < 2) {
    throw new EventPatternError(orPath, 'takes an array of two or more objects');
  }
  const tests = wanted.map((each) => {
    const operator = Object.keys(isRecord(each) ? each : {}).find((name) =>
      OPERATOR_NAMES.includes(name),
    );
    if (operator) throw new EventPatternError(orPath, `"${operator}" cannot be a field here`);
    return compileObject(orPath, each);
  });
  return (value) => tests.some((test) => test(value));
}

/** The values of a field; objects have none, since only leaves are compared. */
function scalarsOf(value: unknown): readonly Scalar[] {
  if (Array.isArray(value)) return value.flatMap(scalarsOf);
  if (value === undefined || isRecord(value)) return [];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? [value]
    : [null];
}
