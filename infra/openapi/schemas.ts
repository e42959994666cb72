/** From the catalogue's schemas to those of OpenAPI 3.0. */
import * as z from 'zod/mini';
import type { Operation } from '../../shared/operations.ts';
import type { Schema } from './types.ts';

/**
 * The schema of what a caller sends, before it is parsed.
 *
 * An input whose properties are all optional takes exactly one of them (`hash` or `scan_id`): zod
 * checks that in a transformation, which JSON Schema does not see.
 */
export function inputSchema({ input }: Pick<Operation, 'input'>): Schema {
  const schema = toSchema(input);
  return schema.required ? schema : { ...schema, minProperties: 1, maxProperties: 1 };
}

/** The schema of the output; further fields may be added later, so others are not forbidden. */
export function outputSchema({ output }: Pick<Operation, 'output'>): Schema {
  return toSchema(output);
}

function toSchema(schema: z.core.$ZodType): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    override: ({ jsonSchema }) => {
      // The bounds of JavaScript's whole numbers say nothing to a reader.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return JSON.parse(JSON.stringify(rest));
}
