/** Validates a direct input and says, field by field, what was got and what is allowed. */
import * as z from 'zod/mini';
import { InvalidInputError } from '../errors.ts';
import { type Fields, fieldsOf } from './fields-of.ts';
import { got, quote } from './quote.ts';

/** The property to the name that the caller used for it, where they differ. */
export type Rename = Readonly<Record<string, string>>;

/**
 * Parses an operation's input.
 *
 * @param schema - the operation's input schema
 * @param value - anything
 * @param rename - property to the name that an HTTP caller used (`hash` -> `resource`)
 * @throws InvalidInputError that names every bad field, what was got and what is allowed
 */
export function parseInput<T extends z.ZodMiniType>(
  schema: T,
  value: unknown,
  rename: Rename = {},
): z.infer<T> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const fields = fieldsOf(schema);
  const messages = result.error.issues.map((issue) => describeIssue(issue, value, fields, rename));
  throw new InvalidInputError([...new Set(messages)].slice(0, 5).join('; '));
}

function describeIssue(
  issue: z.core.$ZodIssue,
  value: unknown,
  fields: Fields,
  rename: Rename,
): string {
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys.slice(0, 5).map((key) => quote(key));
    return `${unknown.join(', ')}: unknown property; allowed: ${namesOf(fields, rename).join(', ')}`;
  }
  const [property] = issue.path;
  if (property === undefined) return describeWhole(issue, value, fields, rename);
  const field = String(property);
  const input = typeof value === 'object' && value ? Reflect.get(value, field) : undefined;
  const reason = issue.code === 'custom' ? ` (${issue.message})` : '';
  return `${rename[field] ?? field}: got ${got(input)}${reason}; allowed: ${allowedFor(field, fields, rename)}`;
}

/** An issue of the input as a whole: it is no object, or has not exactly one of its properties. */
function describeWhole(
  issue: z.core.$ZodIssue,
  value: unknown,
  fields: Fields,
  rename: Rename,
): string {
  const names = namesOf(fields, rename);
  if (issue.code !== 'custom') {
    return `input: got ${got(value)}; allowed: an object with ${names.join(', ')}`;
  }
  const forms = Object.keys(fields).map(
    (field) => `${rename[field] ?? field} (${descriptionOf(fields[field])})`,
  );
  return `${names.join(' or ')}: got ${got(value)}; allowed: exactly one of ${forms.join(' and ')}`;
}

function namesOf(fields: Fields, rename: Rename): string[] {
  return [...new Set(Object.keys(fields).map((field) => rename[field] ?? field))];
}

/** What may stand in a field; where two properties share one HTTP name, what may stand in either. */
function allowedFor(field: string, fields: Fields, rename: Rename): string {
  const together = Object.keys(fields).filter(
    (other) => other === field || (rename[other] !== undefined && rename[other] === rename[field]),
  );
  const texts = together.map((name) => descriptionOf(fields[name]));
  return texts.join(', or ').replace(/\.$/, '');
}

function descriptionOf(field: z.core.$ZodType | undefined): string {
  if (!field) return 'see the documentation';
  const inner = field instanceof z.ZodMiniOptional ? field.def.innerType : field;
  return z.globalRegistry.get(inner)?.description ?? 'see the documentation';
}
