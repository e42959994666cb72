/** Inputs that need exactly one of several properties, noted as JSON Schema's `oneOf` for the documents. */
import * as z from 'zod/mini';

/**
 * Notes on an object's schema that exactly one of the properties is required. A transformation must check it.
 */
export function exactlyOneOf(...properties: string[]) {
  return z.meta({ oneOf: properties.map((property) => ({ required: [property] })) });
}

/**
 * Returns the properties of which exactly one is required; empty if the schema notes none.
 *
 * @param schema - schema of an object, which may be transformed
 */
export function alternativesOf(schema: z.core.$ZodType): string[] {
  if (schema instanceof z.ZodMiniPipe) return alternativesOf(schema.def.in);
  const noted = z.globalRegistry.get(schema)?.oneOf;
  return Array.isArray(noted) ? noted.flatMap(({ required }) => required) : [];
}
