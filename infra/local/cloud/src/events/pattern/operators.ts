/**
 * Values and operators in the array of a pattern's field
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).
 */
import { isRecord, type Scalar } from '../../json.ts';
import { EventPatternError } from './pattern-error.ts';
import { compileWildcard } from './wildcard.ts';

/** Says whether a value of an event matches. */
export type ValueTest = (value: Scalar) => boolean;

type CompileOperator = (path: string, operand: unknown) => ValueTest;

const operators: ReadonlyMap<string, CompileOperator> = new Map<string, CompileOperator>([
  ['prefix', onText('prefix', (_, prefix) => (text) => text.startsWith(prefix))],
  ['suffix', onText('suffix', (_, suffix) => (text) => text.endsWith(suffix))],
  ['wildcard', onText('wildcard', compileWildcard)],
  ['numeric', compileNumeric],
]);

/**
 * Compiles one alternative: a value or an operator.
 *
 * @param path - of the field, for errors
 * @throws EventPatternError
 */
export function compileAlternative(path: string, alternative: unknown): ValueTest {
  if (isScalar(alternative)) return (value) => value === alternative;
  const [entry, ...others] = isRecord(alternative) ? Object.entries(alternative) : [];
  if (!entry || others.length > 0) {
    throw new EventPatternError(path, 'expected values, or objects with one operator each');
  }
  const [name, operand] = entry;
  const compile = operators.get(name);
  if (compile) return compile(path, operand);
  const supported = [...operators.keys()].join(', ');
  throw new EventPatternError(
    path,
    `the local run does not support the operator "${name}" (supported: ${supported})`,
  );
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

/** Compiles `["=", 1]`, one bound, or a lower and an upper bound. */
function compileNumeric(path: string, operand: unknown): ValueTest {
  const [first, low, second, high, ...rest] = Array.isArray(operand) ? operand : [];
  const isRange = second !== undefined;
  const isOrdered = /^>=?$/.test(String(first)) && /^<=?$/.test(String(second));
  if (rest.length > 0 || (isRange && !(isOrdered && Number(low) < Number(high)))) {
    throw new EventPatternError(path, 'numeric expects a lower bound, then a greater upper bound');
  }
  const tests = (isRange ? [[first, low] as const, [second, high] as const] : [[first, low]]).map(
    ([sign, bound]) => {
      const compare = typeof sign === 'string' ? comparisons[sign] : undefined;
      if (!compare || typeof bound !== 'number' || Math.abs(bound) > MAX_NUMBER) {
        throw new EventPatternError(path, `numeric does not accept ${JSON.stringify(operand)}`);
      }
      return (value: number) => compare(value, bound);
    },
  );
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function onText(
  name: string,
  compile: (path: string, operand: string) => (text: string) => boolean,
): CompileOperator {
  return (path, operand) => {
    if (typeof operand !== 'string') throw new EventPatternError(path, `${name} expects a string`);
    const test = compile(path, operand);
    return (value) => typeof value === 'string' && test(value);
  };
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
