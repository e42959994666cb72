/** What AWS would refuse, or accept and silently run wrong. */

/** One refusal. */
export interface Refusal {
  /** Name of the rule, for example `ApiPathParameters`. */
  readonly rule: string;
  /** Logical id of the resource. */
  readonly logicalId: string;
  /** Property of the resource, for example `Properties.Body`. */
  readonly location: string;
  /** What was found, and what is allowed. */
  readonly message: string;
}

/** A refusal of a part of a resource. */
export type Finding = Pick<Refusal, 'rule' | 'message'>;

/** A resource of a template; its values are resolved as far as synthesis can know them. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonFields;
}

/** The fields of a JSON object. */
export type JsonFields = Readonly<Record<string, unknown>>;

/** Returns the fields of a JSON object; none for any other value. */
export function jsonFields(value: unknown): JsonFields {
  return isJsonObject(value) ? value : {};
}

/** Returns the items of a JSON array; a single value is the only item, as in policies. */
export function itemsOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isJsonObject(value: unknown): value is JsonFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns every object in a value, at any depth, with its path. */
export function objectsIn(value: unknown, path = ''): { path: string; fields: JsonFields }[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = isJsonObject(value) ? [{ path, fields: value }] : [];
  const inner = Object.entries(value).flatMap(([key, item]) => objectsIn(item, `${path}/${key}`));
  return [...own, ...inner];
}
