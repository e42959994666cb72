/**
 * The part of the template that deployed stacks and other programs depend on: logical ids and types of
 * resources, outputs, environment variables and permissions. Change the fixture only for an intended change.
 */
import { beforeAll, expect, it } from 'vitest';
import * as z from 'zod/mini';
import contract from '../fixtures/template-contract.json' with { type: 'json' };
import { synthesise } from './synthesise.ts';

const template = z.object({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.optional(z.looseObject({})) }),
  ),
  Outputs: z.record(z.string(), z.unknown()),
});
const environment = z.object({
  Environment: z.optional(z.object({ Variables: z.record(z.string(), z.unknown()) })),
});
const policy = z.object({
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({ Effect: z.string(), Action: z.union([z.string(), z.array(z.string())]) }),
    ),
  }),
});

let synthesised: z.infer<typeof template>;

beforeAll(() => {
  synthesised = template.parse(synthesise().template.toJSON());
});

/** Resources of a type, converted, by logical id. */
function byId<T>(type: string, convert: (properties: unknown) => T): Record<string, T> {
  const found = Object.entries(synthesised.Resources).filter(([, { Type }]) => Type === type);
  return Object.fromEntries(found.map(([id, { Properties }]) => [id, convert(Properties)]));
}

it('resources keep their logical ids and types', () => {
  const types = Object.entries(synthesised.Resources).map(([id, { Type }]) => [
    // The id of a deployment ends with a hash of the API.
    Type === 'AWS::ApiGateway::Deployment' ? id.replace(/[0-9a-f]{32}$/, '') : id,
    Type,
  ]);
  expect(Object.fromEntries(types)).toEqual(contract.resources);
});

it('outputs keep their names', () => {
  expect(Object.keys(synthesised.Outputs).sort()).toEqual(contract.outputs);
});

it('functions keep their environment variables', () => {
  const variables = byId('AWS::Lambda::Function', (properties) =>
    Object.keys(environment.parse(properties).Environment?.Variables ?? {}).sort(),
  );
  expect(variables).toEqual(contract.environment);
});

it('roles keep their permissions', () => {
  const permissions = byId('AWS::IAM::Policy', (properties) => {
    const { Statement } = policy.parse(properties).PolicyDocument;
    const texts = Statement.map(
      ({ Effect, Action }) => `${Effect} ${[Action].flat().sort().join(' ')}`,
    );
    return [...new Set(texts)].sort();
  });
  expect(permissions).toEqual(contract.permissions);
});
