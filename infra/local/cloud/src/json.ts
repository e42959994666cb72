/** Helpers for values parsed from JSON. */

/** A value that is neither object nor array. */
export type Scalar = string | number | boolean | null;

/** Whether the value is an object, but not an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns an own field's value; undefined if there is no such field. */
export function ownField(value: unknown, field: string): unknown {
  return isRecord(value) && Object.hasOwn(value, field) ? value[field] : undefined;
}
