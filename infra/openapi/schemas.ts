/** Converts the catalogue's schemas to OpenAPI 3.0. */
import * as z from 'zod/mini';
import type { Operation } from '../../shared/operations/catalogue.ts';
import { outputs } from '../../shared/operations/outputs.ts';
import type { Schema } from './types.ts';

/** Schema of the input as callers send it, before parsing. */
export function inputSchema({ input }: Pick<Operation, 'input'>): Schema {
  return toSchema(input);
}

/** Schema of the output. Additional fields are allowed, because later versions may add some. */
export function outputSchema({ name }: Pick<Operation, 'name'>): Schema {
  return toSchema(outputs[name]);
}

/** Converts the input side of a schema, before parsing. */
export function toSchema(schema: z.core.$ZodType): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    override: ({ jsonSchema }) => {
      // The bounds of safe integers tell a reader nothing.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return JSON.parse(JSON.stringify(rest));
}
