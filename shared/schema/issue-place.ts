/** Where in an input an issue of its validation stands. */
import * as z from 'zod/mini';
import { fieldsOf } from './fields-of.ts';

/** An issue, with the schema and the value that it is about. */
export interface PlacedIssue {
  readonly issue: z.core.$ZodIssue;
  /** From the input's own property down to the place. */
  readonly path: readonly string[];
  /** What stands there; undefined when nothing does. */
  readonly value: unknown;
  /** What may stand there; undefined when the schema has no such place. */
  readonly schema: z.core.$ZodType | undefined;
}

/**
 * Places an issue; that of a union which one of its forms was meant for becomes that form's own.
 *
 * @param issue - its path starts at the root
 * @param root - the schema and the value that were parsed
 */
export function placeIssue(
  issue: z.core.$ZodIssue,
  root: Pick<PlacedIssue, 'schema' | 'value'>,
  parents: readonly string[] = [],
): PlacedIssue[] {
  let { schema, value } = root;
  for (const key of issue.path) {
    schema = schema && childOf(schema, key);
    value = typeof value === 'object' && value ? Reflect.get(value, key) : undefined;
  }
  const path = [...parents, ...issue.path.map(String)];
  const meant = issue.code === 'invalid_union' ? issue.errors.findIndex(isWithin) : -1;
  const form = schema && optionsOf(schema)[meant];
  if (issue.code !== 'invalid_union' || !form) return [{ issue, path, value, schema }];
  return (issue.errors[meant] ?? []).flatMap((inner) =>
    placeIssue(inner, { schema: form, value }, path),
  );
}

/** A form was meant when the value has its type, and only something within it is wrong. */
function isWithin(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys');
}

function childOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
  const whole = unwrapped(schema);
  return whole instanceof z.ZodMiniArray ? whole.def.element : fieldsOf(whole)[String(key)];
}

function optionsOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const whole = unwrapped(schema);
  return whole instanceof z.ZodMiniUnion ? whole.def.options : [];
}

/** The schema behind `optional`. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodMiniOptional ? unwrapped(schema.def.innerType) : schema;
}
