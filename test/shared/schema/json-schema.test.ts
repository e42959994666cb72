/** The OpenAPI document is generated from these schemas, so each must convert to JSON Schema. */
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { operations } from '../../../shared/operations/catalogue.ts';
import { outputs } from '../../../shared/operations/outputs.ts';

const convert = (schema: z.ZodMiniType) =>
  z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input' });

/** Every schema within a schema. */
function within(schema: unknown): Record<string, unknown>[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return [{ ...schema }, ...Object.values(schema).flatMap(within)];
}

describe.each(operations.map((operation) => [operation.name, operation] as const))(
  '%s',
  (name, { input, example }) => {
    const output = outputs[name];

    it('converts its input, property by property, with a description each', () => {
      const schema = convert(input);
      expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
      const { policy, ...properties } = schema.properties ?? {};
      for (const property of Object.values(properties)) {
        expect(property).toEqual(
          expect.objectContaining({
            type: expect.stringMatching(/^(?:string|integer)$/),
            description: expect.stringMatching(/.{20,}/),
          }),
        );
      }
      if (policy !== undefined) {
        expect(policy).toMatchObject({
          anyOf: [{ type: 'string' }, { type: 'object', additionalProperties: false }],
          description: expect.stringMatching(/.{20,}/),
        });
      }
    });

    it('takes its example, before and after conversion', () => {
      const { $schema: _draft, ...schema } = convert(input);
      expect(new Ajv({ strict: false }).validate(schema, example)).toBe(true);
      expect(z.safeParse(input, example).success).toBe(true);
    });

    it('converts its output, in which every field is required', () => {
      const schema = convert(output);
      expect(schema.required).toEqual(Object.keys(schema.properties ?? {}));
    });

    it('writes patterns that need no flag', () => {
      const patterns = [convert(input), convert(output)]
        .flatMap(within)
        .flatMap(({ pattern }) => (typeof pattern === 'string' ? [pattern] : []));
      for (const pattern of patterns) expect(() => new RegExp(pattern, 'u')).not.toThrow();
      const found = within(convert(output)).filter(({ pattern }) => pattern !== undefined);
      const dates = Object.keys(convert(output).properties ?? {}).filter((n) => /date$/.test(n));
      expect(found.length).toBeGreaterThanOrEqual(dates.length);
    });
  },
);
