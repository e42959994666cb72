/** The fields of a request's schema. */
import * as z from 'zod/mini';

/** Field schema by property. */
export type Fields = Readonly<Record<string, z.core.$ZodType>>;

/**
 * The properties that a request may have.
 *
 * @param schema - of an object, or of an object that is transformed
 */
export function fieldsOf(schema: z.core.$ZodType): Fields {
  if (schema instanceof z.ZodMiniPipe) return fieldsOf(schema.def.in);
  return schema instanceof z.ZodMiniObject ? schema.shape : {};
}
