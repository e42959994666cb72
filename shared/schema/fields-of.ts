/** Reads the fields of an object's schema. */
import * as z from 'zod/mini';

/** Schemas by property. */
export type Fields = Readonly<Record<string, z.core.$ZodType>>;

/**
 * Returns the properties that an object may have.
 *
 * @param schema - schema of an object, which may be optional, transformed or a union
 */
export function fieldsOf(schema: z.core.$ZodType): Fields {
  if (schema instanceof z.ZodMiniPipe) return fieldsOf(schema.def.in);
  if (schema instanceof z.ZodMiniOptional) return fieldsOf(schema.def.innerType);
  if (schema instanceof z.ZodMiniUnion)
    return Object.assign({}, ...schema.def.options.map(fieldsOf));
  return schema instanceof z.ZodMiniObject ? schema.shape : {};
}
