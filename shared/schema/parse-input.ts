/** Validates a direct input; the error names every bad field, what it was and what is allowed. */
import * as z from 'zod/mini';
import { InvalidInputError } from '../errors.ts';
import { alternativesOf } from './alternatives.ts';
import { type Fields, fieldsOf } from './fields-of.ts';
import { type PlacedIssue, placeIssue } from './issue-place.ts';
import { got, quote } from './quote.ts';

/** Property to the name that the caller used for it, where they differ (`hash` -> `resource`). */
export type CallerNames = Readonly<Record<string, string>>;

/**
 * Parses an operation's input.
 *
 * @param schema - the operation's input schema
 * @param value - anything
 * @param callerNames - the names that an HTTP caller used
 * @throws InvalidInputError that names every bad field, what it was and what is allowed
 */
export function parseInput<T extends z.ZodMiniType>(
  schema: T,
  value: unknown,
  callerNames: CallerNames = {},
): z.infer<T> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const messages = result.error.issues
    .flatMap((issue) => placeIssue(issue, { schema, value }))
    .map((placed) => messageFor(placed, schema, callerNames));
  throw new InvalidInputError([...new Set(messages)].slice(0, 5).join('; '));
}

function messageFor(placed: PlacedIssue, root: z.core.$ZodType, callerNames: CallerNames): string {
  const { issue, path, value, schema } = placed;
  const [field, ...inner] = path;
  const place = field === undefined ? 'input' : [callerNames[field] ?? field, ...inner].join('.');
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys.slice(0, 5).map((key) => quote(key));
    const names = schema
      ? callerNamesOf(fieldsOf(schema), field === undefined ? callerNames : {})
      : [];
    const whose = field === undefined ? '' : ` of ${place}`;
    return `${unknown.join(', ')}: unknown property${whose}; allowed: ${names.join(', ')}`;
  }
  if (field === undefined) return messageForInput(issue, value, root, callerNames);
  const reason = issue.code === 'custom' ? ` (${issue.message})` : '';
  const allowed =
    inner.length > 0
      ? withoutStop(descriptionOf(schema))
      : allowedFor(field, fieldsOf(root), callerNames);
  return `${place}: got ${got(value)}${reason}; allowed: ${allowed}`;
}

/** For an issue of the input as a whole: it is not an object, or has none or several of its alternatives. */
function messageForInput(
  issue: z.core.$ZodIssue,
  value: unknown,
  root: z.core.$ZodType,
  callerNames: CallerNames,
): string {
  const fields = fieldsOf(root);
  if (issue.code !== 'custom') {
    const names = callerNamesOf(fields, callerNames);
    return `input: got ${got(value)}; allowed: an object with ${names.join(', ')}`;
  }
  const alternatives = alternativesOf(root);
  const names = [...new Set(alternatives.map((field) => callerNames[field] ?? field))];
  const forms = alternatives.map(
    (field) => `${callerNames[field] ?? field} (${descriptionOf(fields[field])})`,
  );
  return `${names.join(' or ')}: got ${got(value)}; allowed: exactly one of ${forms.join(' and ')}`;
}

function callerNamesOf(fields: Fields, callerNames: CallerNames): string[] {
  return [...new Set(Object.keys(fields).map((field) => callerNames[field] ?? field))];
}

/** Returns what a field allows; if two properties share one HTTP name, what either allows. */
function allowedFor(field: string, fields: Fields, callerNames: CallerNames): string {
  const together = Object.keys(fields).filter(
    (other) =>
      other === field ||
      (callerNames[other] !== undefined && callerNames[other] === callerNames[field]),
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
