/** Schemas that the document defines once and refers to. */
import { submitFileAcceptedOutput } from '../../shared/operations/submit-file/accepted-output.ts';
import { verdict } from '../../shared/verdict/verdict-schema.ts';
import { toSchema } from './schemas.ts';
import type { Schema } from './types.ts';

/** The shared schemas; the keys are their names. */
export const sharedSchemas: Readonly<Record<string, Schema>> = {
  Verdict: toSchema(verdict),
  SubmissionAccepted: toSchema(submitFileAcceptedOutput),
};

const names = new Map(
  Object.entries(sharedSchemas).map(([name, schema]) => [JSON.stringify(schema), name]),
);

/** Replaces properties whose schema is shared by references. */
export function withReferences(schema: Schema): Schema {
  const properties = Object.entries(schema.properties ?? {}).map(([property, inner]) => {
    const name = names.get(JSON.stringify(inner));
    return [property, name ? { $ref: `#/components/schemas/${name}` } : inner];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}
