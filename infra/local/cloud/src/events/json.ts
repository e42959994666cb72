/** Small questions to values that came from JSON. */

/** A value that is neither object nor array. */
export type Scalar = string | number | boolean | null;

/** Whether this is an object, and no array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field's value; undefined when the object has no such field of its own. */
export function ownField(value: unknown, field: string): unknown {
  return isRecord(value) && Object.hasOwn(value, field) ? value[field] : undefined;
}
