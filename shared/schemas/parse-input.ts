/** Validates a direct input and says, field by field, what was got and what is allowed. */
import * as z from 'zod/mini';
import { InvalidInputError } from '../errors.ts';
import { type Fields, fieldsOf } from './fields-of.ts';

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
  const names = [...new Set(Object.keys(fields).map((field) => rename[field] ?? field))];
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys.slice(0, 5).map((key) => quote(key));
    return `${unknown.join(', ')}: unknown property; allowed: ${names.join(', ')}`;
  }
  const [property] = issue.path;
  if (property === undefined) {
    const reason = issue.code === 'custom' ? issue.message : `an object with ${names.join(', ')}`;
    return `${issue.code === 'custom' ? names.join(' or ') : 'input'}: got ${got(value)}; allowed: ${reason}`;
  }
  const field = String(property);
  const input = typeof value === 'object' && value ? Reflect.get(value, field) : undefined;
  const reason = issue.code === 'custom' ? ` (${issue.message})` : '';
  return `${rename[field] ?? field}: got ${got(input)}${reason}; allowed: ${allowedFor(field, fields, rename)}`;
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

/** Longest text that a message quotes, characters. */
const QUOTED = 80;

function got(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return value === '' ? 'an empty string' : quote(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') return summary(value);
  return `the ${typeof value} ${String(value)}`;
}

function summary(value: object): string {
  const keys = Object.keys(value);
  return keys.length === 0
    ? 'an empty object'
    : `an object with ${keys.slice(0, 5).map(quote).join(', ')}`;
}

/** Quotes a text: control characters escaped, credentials of a URL masked, cut. */
function quote(text: string): string {
  const masked = text.slice(0, 2000).replace(/(\/\/)[^/?#]*@/g, '$1***@');
  const cut = masked.length > QUOTED || text.length > 2000;
  const shown = JSON.stringify(cut ? masked.slice(0, QUOTED) : masked);
  return cut ? `${shown}... (${text.length} characters)` : shown;
}
