import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parseStartOptions } from '../../../infra/local/cli/options.ts';
import { openApiDocument } from '../../../infra/openapi/document.ts';
import { httpErrors } from '../../../infra/openapi/error-responses.ts';
import { schemaNames } from '../../../infra/openapi/operation-object.ts';
import { routes } from '../../../infra/openapi/routes.ts';
import type { Response } from '../../../infra/openapi/types.ts';
import type { Operation } from '../../../shared/operations/catalogue.ts';

const path = join(import.meta.dirname, '../../../docs/openapi.json');
const document = openApiDocument();

/** The operation of the document that stands for one of the catalogue. */
function documented({ route }: Operation) {
  const found = document.paths[route.path]?.[route.method === 'GET' ? 'get' : 'post'];
  if (!found) throw new Error(`${route.method} ${route.path} is not documented`);
  return found;
}

/** Compiles a schema of the document; 'nullable' is known to ajv. */
function validatorOf(schema: object) {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  return ajv
    .addSchema({ $id: 'doc', components: document.components })
    .compile(JSON.parse(JSON.stringify(schema).replaceAll('#/components', 'doc#/components')));
}

describe('docs/openapi.json', () => {
  it('is what the catalogue gives: else npm run openapi', async () => {
    const published: unknown = JSON.parse(await readFile(path, 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('is valid OpenAPI 3.0', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(path);
    expect({ valid, errors, version: validator.version }).toEqual({
      valid: true,
      errors: undefined,
      version: '3.0',
    });
  });

  it('has the six operations, the outcome of a submission and the quota, and nothing else', () => {
    const found = Object.entries(document.paths).flatMap(([route, item]) =>
      Object.entries(item).map(([method, { operationId }]) => [operationId, method, route]),
    );
    expect(found.sort()).toEqual([
      ['domain_reputation', 'get', '/domains/{domain}'],
      ['file_reputation', 'get', '/files/{resource}'],
      ['ip_reputation', 'get', '/ip-addresses/{ip}'],
      ['quota', 'get', '/quota'],
      ['submission', 'get', '/submissions/{id}'],
      ['submit_sample', 'post', '/files'],
      ['submit_url', 'post', '/urls'],
      ['url_reputation', 'get', '/urls'],
    ]);
  });

  it('uses only letters and digits in names of components, as API Gateway requires', () => {
    const { schemas, responses } = document.components;
    for (const name of [...Object.keys(schemas), ...Object.keys(responses)]) {
      expect(name).toMatch(/^[A-Za-z0-9]+$/);
    }
  });

  it('has no component with the name of a JavaScript global', () => {
    const globals = Object.getOwnPropertyNames(globalThis);
    const { schemas, responses } = document.components;
    const names = [...Object.keys(schemas), ...Object.keys(responses)];
    expect(names.filter((name) => globals.includes(name))).toEqual([]);
  });

  it('refers to every component, outside of extensions, and only to components', () => {
    const { schemas, responses } = document.components;
    const text = JSON.stringify(document, (key, value) =>
      key.startsWith('x-') ? undefined : value,
    );
    const referred = [...text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g)].map(
      ([, kind, name]) => `${kind} ${name}`,
    );
    expect([...new Set(referred)].toSorted()).toEqual(
      [
        ...Object.keys(schemas).map((name) => `schemas ${name}`),
        ...Object.keys(responses).map((name) => `responses ${name}`),
      ].toSorted(),
    );
  });

  it('has the local run, with the port of npm start, and the deployed API', () => {
    const options = parseStartOptions([]);
    const port = options === 'help' ? undefined : options.port;
    expect(document.servers.map(({ url }) => url)).toEqual([
      `http://127.0.0.1:${port}/v1`,
      'https://{restApiId}.execute-api.{region}.amazonaws.com/v1',
    ]);
  });

  it('describes each tag, and uses each', () => {
    const used = Object.values(document.paths).flatMap((item) =>
      Object.values(item).flatMap(({ tags }) => tags),
    );
    expect(document.tags.map(({ name }) => name)).toEqual([
      'Files',
      'URLs',
      'IP addresses',
      'Domains',
      'Submissions',
      'Quota',
    ]);
    expect(new Set(used)).toEqual(new Set(document.tags.map(({ name }) => name)));
  });
});

describe.each(routes)('$name', (operation) => {
  const described = documented(operation);

  it('has the parameters of its route', () => {
    expect(described.parameters.map(({ name, in: where }) => ({ name, in: where }))).toEqual(
      operation.route.parameters.map(({ name, in: where }) => ({ name, in: where })),
    );
  });

  it('documents a direct input that takes the example and nothing unknown', () => {
    const isValid = validatorOf(described['x-direct-input']);
    expect(isValid(operation.example)).toBe(true);
    expect(isValid({ ...operation.example, surprise: 1 })).toBe(false);
    expect(isValid({})).toBe(Object.keys(operation.example).length === 0);
  });

  it('documents every status that its errors have, with their names', () => {
    for (const name of operation.errors) {
      const isValid = errorValidator(String(httpErrors[name].status));
      const error = { name, message: 'words', requestId: 'id' };
      expect(isValid({ error })).toBe(true);
      expect(isValid({ error: { ...error, name: 'OtherError' } })).toBe(false);
      expect(isValid({ error: { name, message: 'words' } })).toBe(false);
    }
    const named = Object.keys(described.responses)
      .filter((status) => Number(status) >= 400)
      .flatMap((status) => Object.entries(examplesOf(status)));
    expect(named.map(([name]) => name).toSorted()).toEqual(
      [...operation.errors, 'AccessDeniedError', 'InternalError'].toSorted(),
    );
    for (const [name, example] of named) {
      expect(example).toMatchObject({ value: { error: { name } } });
    }
    expect(Object.keys(described.responses)).toEqual(
      [
        '200',
        ...(operation.name === 'submit_sample' ? ['202'] : []),
        ...statusesOf(operation.errors),
      ].sort(),
    );
  });

  it('documents Retry-After for 429, Location for 202, and no other header', () => {
    const headers = Object.keys(described.responses).flatMap((status) =>
      Object.keys(responseOf(status).headers ?? {}).map((header) => `${status} ${header}`),
    );
    expect(headers).toEqual([
      ...('202' in described.responses ? ['202 Location'] : []),
      ...('429' in described.responses ? ['429 Retry-After'] : []),
    ]);
    expect('429' in described.responses).toBe(operation.errors.includes('QuotaExceededError'));
    const quota = '429' in described.responses ? (responseOf('429').headers ?? {}) : {};
    expect(Object.values(quota)).toEqual(
      Object.values(quota).map(() => expect.objectContaining({ schema: retryAfter })),
    );
  });

  it('documents an output of which every field is there', () => {
    const schema = document.components.schemas[schemaNames(operation).output];
    expect(schema?.required).toEqual(Object.keys(schema?.properties ?? {}));
    expect(validatorOf(contentSchema('200'))({})).toBe(false);
  });

  function responseOf(status: string): Response {
    const response = described.responses[status];
    const reference = response && '$ref' in response ? String(response.$ref) : '';
    const shared =
      document.components.responses[reference.replace(/^#\/components\/responses\//, '')];
    const found = shared ?? response;
    if (!found || '$ref' in found) throw new Error(`${status} is not documented`);
    return found;
  }

  function contentOf(status: string) {
    return JSON.parse(JSON.stringify(responseOf(status))).content['application/json'];
  }

  function contentSchema(status: string): object {
    return contentOf(status).schema;
  }

  function examplesOf(status: string): object {
    return contentOf(status).examples;
  }

  function errorValidator(status: string) {
    return validatorOf(contentSchema(status));
  }
});

const retryAfter = { type: 'integer', minimum: 1 };

function statusesOf(names: Operation['errors']): string[] {
  const statuses = names.map((name) => httpErrors[name].status);
  return [...new Set([...statuses, 403, 500])].map(String);
}

describe('exactly one of', () => {
  it.each([
    ['FileReputation', 'hash'],
    ['UrlReputation', 'url'],
  ])('%s takes %s or scan_id, not both', (id, property) => {
    const operation = routes.find((route) => route.id === id);
    const isValid = validatorOf(operation ? documented(operation)['x-direct-input'] : {});
    expect(isValid({ [property]: 'x' })).toBe(true);
    expect(isValid({ scan_id: 'x' })).toBe(true);
    expect(isValid({ [property]: 'x', scan_id: 'x' })).toBe(false);
    expect(isValid({ [property]: 'x', policy: 'strict' })).toBe(true);
    expect(isValid({ policy: 'strict' })).toBe(false);
  });

  it('says so of the query parameters of url_reputation, of which none is required', () => {
    const parameters = document.paths['/urls']?.get?.parameters ?? [];
    expect(parameters.map(({ name, required }) => ({ name, required }))).toEqual([
      { name: 'url', required: false },
      { name: 'scan_id', required: false },
      { name: 'policy', required: false },
      { name: 'cache', required: false },
    ]);
    const said = parameters.map(({ description }) =>
      description.includes('Exactly one of url and scan_id is required.'),
    );
    expect(said).toEqual([true, true, false, false]);
  });
});
