/** CloudFormation's intrinsic functions (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html). */
import { isRecord } from '../events/json.ts';
import { UnsupportedTemplateError } from './unsupported.ts';

/** What functions can ask of the template. */
export interface Lookup {
  resolve(value: unknown): unknown;
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
}

/** What `AWS::NoValue` gives: the property or item is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** A function and what it is given, not resolved. */
export interface Intrinsic {
  readonly name: string;
  readonly argument: unknown;
}

/**
 * Tells a function from a plain object.
 *
 * @throws UnsupportedTemplateError when something stands beside the function
 */
export function intrinsicOf(value: Readonly<Record<string, unknown>>): Intrinsic | undefined {
  const keys = Object.keys(value);
  const name = keys.find((key) => key.startsWith('Fn::') || (key === 'Ref' && keys.length === 1));
  if (name === undefined) return undefined;
  if (keys.length > 1) throw new UnsupportedTemplateError(`${name} has others beside it`);
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
 * @throws UnsupportedTemplateError when the local run does not know it, or its arguments are wrong
 */
export function applyIntrinsic({ name, argument }: Intrinsic, lookup: Lookup): unknown {
  const apply = functions.get(name);
  if (apply) return apply(argument, lookup);
  const known = [...functions.keys()].join(', ');
  throw new UnsupportedTemplateError(`the local run does not know ${name} (known: ${known})`);
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

/** Logical id and attribute, which may have further dots. */
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
  throw new UnsupportedTemplateError(`expected a text, got ${JSON.stringify(value)}`);
}

function wrong(name: string, argument: unknown): UnsupportedTemplateError {
  return new UnsupportedTemplateError(`${name} cannot take ${JSON.stringify(argument)}`);
}
