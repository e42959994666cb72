/** Finds the place in the input that a validation issue is about. */
import * as z from 'zod/mini';
import { fieldsOf } from './fields-of.ts';

/** An issue, with the place that it is about. */
export interface PlacedIssue {
  readonly issue: z.core.$ZodIssue;
  /** Property names from the input down to the place. */
  readonly path: readonly string[];
  /** The value at the place; undefined if it is missing. */
  readonly value: unknown;
  /** The schema of the place; undefined if the schema has no such place. */
  readonly schema: z.core.$ZodType | undefined;
}

/**
 * Places an issue. An issue of a union becomes the issues of the option that the caller evidently meant.
 *
 * @param issue - with a path from the root
 * @param root - the parsed value and its schema
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
  const meantOption = issue.code === 'invalid_union' ? issue.errors.findIndex(isWithin) : -1;
  const option = schema && optionsOf(schema)[meantOption];
  if (issue.code !== 'invalid_union' || !option) return [{ issue, path, value, schema }];
  return (issue.errors[meantOption] ?? []).flatMap((inner) =>
    placeIssue(inner, { schema: option, value }, path),
  );
}

/** An option was meant if the value has its type, and only something within it is wrong. */
function isWithin(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys');
}

function childOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodMiniArray ? inner.def.element : fieldsOf(inner)[String(key)];
}

function optionsOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodMiniUnion ? inner.def.options : [];
}

/** The schema behind `optional`. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodMiniOptional ? unwrapped(schema.def.innerType) : schema;
}
