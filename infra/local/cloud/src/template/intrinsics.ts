/** CloudFormation's intrinsic functions (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html). */
import { isRecord } from '../json.ts';
import { UnsupportedTemplateError } from './unsupported.ts';

/** The lookups that functions need. */
export interface Lookup {
  resolve(value: unknown): unknown;
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
}

/** The value of `AWS::NoValue`: the property or item is omitted. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** A function and its unresolved argument. */
export interface Intrinsic {
  readonly name: string;
  readonly argument: unknown;
}

/**
 * Reads an object as a function; returns undefined for a plain object.
 *
 * @throws UnsupportedTemplateError if the object has other keys besides the function
 */
export function intrinsicOf(value: Readonly<Record<string, unknown>>): Intrinsic | undefined {
  const keys = Object.keys(value);
  const name = keys.find((key) => key.startsWith('Fn::') || (key === 'Ref' && keys.length === 1));
  if (name === undefined) return undefined;
  if (keys.length > 1)
    throw new UnsupportedTemplateError(`${name} must be the only key of its object`);
  return { name, argument: value[name] };
}

type Apply = (argument: unknown, lookup: Lookup) => unknown;

const functions: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ['Ref', (argument, lookup) => lookup.ref(text(argument))],
  ['Fn::GetAtt', getAtt],
  ['Fn::Join', join],
  ['Fn::Sub', sub],
  ['Fn::Select', select],
  ['Fn::Split', split],
]);

/**
 * Applies a function.
 *
 * @throws UnsupportedTemplateError if the function is not supported or its arguments are wrong
 */
export function applyIntrinsic({ name, argument }: Intrinsic, lookup: Lookup): unknown {
  const apply = functions.get(name);
  if (apply) return apply(argument, lookup);
  const supported = [...functions.keys()].join(', ');
  throw new UnsupportedTemplateError(
    `the local run does not support ${name} (supported: ${supported})`,
  );
}

function getAtt(argument: unknown, lookup: Lookup): unknown {
  const [logicalId, attribute] =
    typeof argument === 'string' ? parted(argument) : list(argument, 2, 'Fn::GetAtt');
  return lookup.attribute(text(logicalId), text(lookup.resolve(attribute)));
}

function join(argument: unknown, lookup: Lookup): string {
  const [delimiter, items] = list(argument, 2, 'Fn::Join');
  const resolved = lookup.resolve(items);
  if (!Array.isArray(resolved)) throw wrong('Fn::Join', resolved);
  return resolved.map(text).join(text(delimiter));
}

function sub(argument: unknown, lookup: Lookup): string {
  const [template, variables] =
    typeof argument === 'string' ? [argument, {}] : list(argument, 2, 'Fn::Sub');
  if (!isRecord(variables)) throw wrong('Fn::Sub', variables);
  return text(template).replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (Object.hasOwn(variables, name)) return text(lookup.resolve(variables[name]));
    return text(name.includes('.') ? lookup.attribute(...parted(name)) : lookup.ref(name));
  });
}

function select(argument: unknown, lookup: Lookup): unknown {
  const [index, items] = list(argument, 2, 'Fn::Select');
  const resolved = lookup.resolve(items);
  const at = Number(lookup.resolve(index));
  if (!Array.isArray(resolved) || !(at in resolved)) throw wrong('Fn::Select', argument);
  return resolved[at];
}

function split(argument: unknown, lookup: Lookup): string[] {
  const [delimiter, whole] = list(argument, 2, 'Fn::Split');
  return text(lookup.resolve(whole)).split(text(delimiter));
}

/** Splits at the first dot; the attribute may contain more dots. */
function parted(name: string): [string, string] {
  const dot = name.indexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
}

function list(argument: unknown, length: number, name: string): readonly unknown[] {
  if (Array.isArray(argument) && argument.length === length) return argument;
  throw wrong(name, argument);
}

function text(value: unknown): string {
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
  throw new UnsupportedTemplateError(`expected a string, got ${JSON.stringify(value)}`);
}

function wrong(name: string, argument: unknown): UnsupportedTemplateError {
  return new UnsupportedTemplateError(`${name} does not accept ${JSON.stringify(argument)}`);
}
