/** Inputs that take exactly one of several properties: said in JSON Schema's words, for documents too. */
import * as z from 'zod/mini';

/**
 * Notes on an object's schema that exactly one of these properties is to be given.
 *
 * @param properties - of which a transformation checks that one is there
 */
export function exactlyOneOf(...properties: string[]) {
  return z.meta({ oneOf: properties.map((property) => ({ required: [property] })) });
}

/**
 * The properties of which exactly one is to be given; empty when there are none.
 *
 * @param schema - of an object, or of an object that is transformed
 */
export function alternativesOf(schema: z.core.$ZodType): string[] {
  if (schema instanceof z.ZodMiniPipe) return alternativesOf(schema.def.in);
  const noted = z.globalRegistry.get(schema)?.oneOf;
  return Array.isArray(noted) ? noted.flatMap(({ required }) => required) : [];
}
