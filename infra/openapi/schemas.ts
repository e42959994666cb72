/** From the catalogue's schemas to those of OpenAPI 3.0. */
import * as z from 'zod/mini';
import type { Operation } from '../../shared/operations/catalogue.ts';
import { outputs } from '../../shared/operations/outputs.ts';
import type { Schema } from './types.ts';

/** The schema of what a caller sends, before it is parsed. */
export function inputSchema({ input }: Pick<Operation, 'input'>): Schema {
  return toSchema(input);
}

/** The schema of the output; further fields may be added later, so others are not forbidden. */
export function outputSchema({ name }: Pick<Operation, 'name'>): Schema {
  return toSchema(outputs[name]);
}

/** Converts a schema as a caller sees it: before it is parsed, in OpenAPI's dialect. */
export function toSchema(schema: z.core.$ZodType): Schema {
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
