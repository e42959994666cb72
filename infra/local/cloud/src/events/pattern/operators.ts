/**
 * What may stand in the array of a field: values, and operators on values
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).
 */
import { isRecord, type Scalar } from '../json.ts';
import { EventPatternError } from './pattern-error.ts';
import { compileWildcard } from './wildcard.ts';

/** Says whether one value of an event fits. */
export type ValueTest = (value: Scalar) => boolean;

/** One alternative of a field: a test of its values, or that it must be there, or must not. */
export type Alternative =
  | { readonly kind: 'value'; readonly test: ValueTest }
  | { readonly kind: 'exists'; readonly exists: boolean };

/** Names that are operators, and can therefore not be fields within `$or`. */
export const OPERATOR_NAMES: readonly string[] = [
  'prefix',
  'suffix',
  'equals-ignore-case',
  'anything-but',
  'numeric',
  'exists',
  'wildcard',
  'cidr',
];

/**
 * Compiles one alternative.
 *
 * @param path - of the field, for errors
 * @throws EventPatternError
 */
export function compileAlternative(path: string, alternative: unknown): Alternative {
  if (isScalar(alternative)) {
    return { kind: 'value', test: (value) => value === alternative };
  }
  const [operator, operand] = onlyEntry(path, alternative);
  if (operator === 'exists') {
    if (typeof operand !== 'boolean') throw new EventPatternError(path, 'exists takes a boolean');
    return { kind: 'exists', exists: operand };
  }
  if (operator === 'anything-but') {
    return { kind: 'value', test: compileAnythingBut(path, operand) };
  }
  if (operator === 'numeric') return { kind: 'value', test: compileNumeric(path, operand) };
  return { kind: 'value', test: compileTextOperator(path, operator, operand) };
}

function compileTextOperator(path: string, operator: string, operand: unknown): ValueTest {
  switch (operator) {
    case 'prefix':
    case 'suffix': {
      const method = operator === 'prefix' ? 'startsWith' : 'endsWith';
      if (!isRecord(operand)) {
        const wanted = textOf(path, operator, operand);
        return onText((text) => text[method](wanted));
      }
      const [nested, value] = onlyEntry(path, operand);
      if (nested !== 'equals-ignore-case') throw unknownOperator(path, `${operator}.${nested}`);
      const wanted = textOf(path, nested, value).toLowerCase();
      return onText((text) => text.toLowerCase()[method](wanted));
    }
    case 'equals-ignore-case': {
      const wanted = textOf(path, operator, operand).toLowerCase();
      return onText((text) => text.toLowerCase() === wanted);
    }
    case 'wildcard':
      return onText(compileWildcard(path, textOf(path, operator, operand)));
    default:
      throw unknownOperator(path, operator);
  }
}

/** Everything that is there and does not fit; a value of another type does not fit. */
function compileAnythingBut(path: string, operand: unknown): ValueTest {
  if (!isRecord(operand)) {
    const excluded = listOf(path, operand);
    const types = new Set(excluded.map((value) => typeof value));
    if (types.size > 1 || !excluded.every((value) => ['string', 'number'].includes(typeof value))) {
      throw new EventPatternError(path, 'anything-but takes texts alone, or numbers alone');
    }
    return (value) => !excluded.includes(value);
  }
  const [operator, nested] = onlyEntry(path, operand);
  const tests = listOf(path, nested).map((each) => {
    if (each === '') throw new EventPatternError(path, `anything-but ${operator} of nothing`);
    return compileTextOperator(path, operator, each);
  });
  return (value) => !tests.some((test) => test(value));
}

/** EventBridge's range of numbers. */
const MAX_NUMBER = 5e9;

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** `["=", 1]`, or one bound, or a lower and then an upper one. */
function compileNumeric(path: string, operand: unknown): ValueTest {
  const [first, low, second, high, ...rest] = Array.isArray(operand) ? operand : [];
  const isRange = second !== undefined;
  const isOrdered = /^>=?$/.test(String(first)) && /^<=?$/.test(String(second));
  if (rest.length > 0 || (isRange && !(isOrdered && Number(low) < Number(high)))) {
    throw new EventPatternError(path, 'numeric takes a lower and then a greater, upper bound');
  }
  const tests = (isRange ? [[first, low] as const, [second, high] as const] : [[first, low]]).map(
    ([sign, bound]) => {
      const compare = typeof sign === 'string' ? comparisons[sign] : undefined;
      if (!compare || typeof bound !== 'number' || Math.abs(bound) > MAX_NUMBER) {
        throw new EventPatternError(path, `numeric does not take ${JSON.stringify(operand)}`);
      }
      return (value: number) => compare(value, bound);
    },
  );
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function onText(test: (text: string) => boolean): ValueTest {
  return (value) => typeof value === 'string' && test(value);
}

function textOf(path: string, operator: string, operand: unknown): string {
  if (typeof operand === 'string') return operand;
  throw new EventPatternError(path, `${operator} takes a text`);
}

function listOf(path: string, operand: unknown): readonly unknown[] {
  const list = Array.isArray(operand) ? operand : [operand];
  if (list.length === 0) throw new EventPatternError(path, 'anything-but of nothing');
  return list;
}

function onlyEntry(path: string, operator: unknown): readonly [string, unknown] {
  const [entry, ...others] = isRecord(operator) ? Object.entries(operator) : [];
  if (entry && others.length === 0) return entry;
  throw new EventPatternError(path, 'takes values, and objects of one operator each');
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function unknownOperator(path: string, operator: string): EventPatternError {
  return new EventPatternError(path, `the local run does not know the operator "${operator}"`);
}
