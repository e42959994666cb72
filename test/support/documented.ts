/** Compares what was observed with the catalogue and with the published OpenAPI document. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { expect } from 'vitest';
import * as z from 'zod/mini';
import type { Operation } from '../../shared/operations/catalogue.ts';
import { outputs } from '../../shared/operations/outputs.ts';
import type { HttpAnswer } from './call-operation.ts';

const path = join(import.meta.dirname, '../../docs/openapi.json');
const header = z.object({
  required: z.optional(z.boolean()),
  schema: z.record(z.string(), z.any()),
});
const responseSchema = z.object({
  headers: z.optional(z.record(z.string(), header)),
  content: z.object({
    'application/json': z.object({
      schema: z.looseObject({}),
      /** Keyed by error name. */
      examples: z.optional(z.record(z.string(), z.unknown())),
    }),
  }),
});
const referenceSchema = z.object({ $ref: z.string() });
const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        responses: z.record(z.string(), z.union([responseSchema, referenceSchema])),
      }),
    ),
  ),
  components: z.looseObject({ responses: z.record(z.string(), responseSchema) }),
});
const document = documentSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema({ $id: 'doc', components: document.components });
const compiled = new Map<string, ValidateFunction>();

/** Expects every field of the catalogue's output, with its type, and no other. */
export function expectOutput({ name }: Operation, observed: unknown): void {
  const output = outputs[name];
  const result = z.safeParse(output, observed);
  expect(result.success ? [] : result.error.issues).toEqual([]);
  const shape = output instanceof z.ZodMiniObject ? output.shape : {};
  expect(Object.keys(Object(observed)).sort()).toEqual(Object.keys(shape).sort());
}

/** Expects that status, headers and body are among the document's responses. */
export function expectDocumented({ route, name }: Operation, answer: HttpAnswer): void {
  const { status, headers, body } = answer;
  const found = document.paths[route.path]?.[route.method.toLowerCase()]?.responses[status];
  const response = found && '$ref' in found ? referredTo(found.$ref) : found;
  if (!response) throw new Error(`${name} answered ${status}, which is not documented`);
  expect(headers['content-type']).toBe('application/json');
  for (const [header, { required, schema }] of Object.entries(response.headers ?? {})) {
    const text = headers[header.toLowerCase()];
    if (text === undefined && !required) continue;
    expect({ [header]: schema.type === 'integer' ? Number(text) : text }).toSatisfy(
      (given: Record<string, unknown>) => ajv.validate(schema, given[header]),
    );
  }
  const { schema, examples } = response.content['application/json'];
  const validate = validatorOf(`${name} ${status}`, schema);
  validate(body);
  expect(validate.errors ?? []).toEqual([]);
  if (examples) expect(Object.keys(examples)).toContain(Object(body).error?.name);
}

function referredTo(reference: string) {
  return document.components.responses[reference.replace('#/components/responses/', '')];
}

function validatorOf(key: string, schema: object): ValidateFunction {
  const known = compiled.get(key);
  if (known) return known;
  const absolute = JSON.stringify(schema).replaceAll('#/components', 'doc#/components');
  const made = ajv.compile(JSON.parse(absolute));
  compiled.set(key, made);
  return made;
}
