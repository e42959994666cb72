/** Validates a direct input and says, field by field, what was got and what is allowed. */
import * as z from 'zod/mini';
import { InvalidInputError } from '../errors.ts';
import { alternativesOf } from './alternatives.ts';
import { type Fields, fieldsOf } from './fields-of.ts';
import { type PlacedIssue, placeIssue } from './issue-place.ts';
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
  const messages = result.error.issues
    .flatMap((issue) => placeIssue(issue, { schema, value }))
    .map((placed) => describe(placed, schema, rename));
  throw new InvalidInputError([...new Set(messages)].slice(0, 5).join('; '));
}

function describe(placed: PlacedIssue, root: z.core.$ZodType, rename: Rename): string {
  const { issue, path, value, schema } = placed;
  const [field, ...inner] = path;
  const place = field === undefined ? 'input' : [rename[field] ?? field, ...inner].join('.');
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys.slice(0, 5).map((key) => quote(key));
    const names = schema ? namesOf(fieldsOf(schema), field === undefined ? rename : {}) : [];
    const whose = field === undefined ? '' : ` of ${place}`;
    return `${unknown.join(', ')}: unknown property${whose}; allowed: ${names.join(', ')}`;
  }
  if (field === undefined) return describeWhole(issue, value, root, rename);
  const reason = issue.code === 'custom' ? ` (${issue.message})` : '';
  const allowed =
    inner.length > 0
      ? withoutStop(descriptionOf(schema))
      : allowedFor(field, fieldsOf(root), rename);
  return `${place}: got ${got(value)}${reason}; allowed: ${allowed}`;
}

/** An issue of the input as a whole: it is no object, or has not exactly one of its alternatives. */
function describeWhole(
  issue: z.core.$ZodIssue,
  value: unknown,
  root: z.core.$ZodType,
  rename: Rename,
): string {
  const fields = fieldsOf(root);
  if (issue.code !== 'custom') {
    const names = namesOf(fields, rename);
    return `input: got ${got(value)}; allowed: an object with ${names.join(', ')}`;
  }
  const alternatives = alternativesOf(root);
  const names = [...new Set(alternatives.map((field) => rename[field] ?? field))];
  const forms = alternatives.map(
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
  return withoutStop(texts.join(', or '));
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}

function descriptionOf(field: z.core.$ZodType | undefined): string {
  if (!field) return 'see the documentation';
  const inner = field instanceof z.ZodMiniOptional ? field.def.innerType : field;
  return z.globalRegistry.get(inner)?.description ?? 'see the documentation';
}
