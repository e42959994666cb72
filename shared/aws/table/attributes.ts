/** Attributes of items, as DynamoDB's API writes them. */

/** A value of an attribute. */
export interface AttributeValue {
  readonly S?: string;
  readonly N?: string;
  readonly BOOL?: boolean;
  /** Bytes in Base64. */
  readonly B?: string;
}

/** Attributes of an item, or values of an expression. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A string as an attribute. */
export const stringAttribute = (S: string) => ({ S });

/** A number as an attribute. */
export const numberAttribute = (value: number) => ({ N: String(value) });

/** Bytes as an attribute. */
export const bytesAttribute = (bytes: Buffer) => ({ B: bytes.toString('base64') });

/** Converts strings to DynamoDB attributes. */
export function stringAttributes(strings: Readonly<Record<string, string>>): Attributes {
  return Object.fromEntries(
    Object.entries(strings).map(([name, value]) => [name, stringAttribute(value)]),
  );
}

/** Returns the value at a path of an answer; undefined without one. */
export function valueAt(answer: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined,
    answer,
  );
}

/** Whether a part of an answer is an item: every attribute is an object with its type as its name. */
export function isItem(value: unknown): value is Attributes {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((attribute) => typeof attribute === 'object' && attribute !== null)
  );
}
