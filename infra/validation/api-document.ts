/** What API Gateway's importer refuses, or drops without a word, in the OpenAPI document of a REST API. */
import { integrationRules } from './api-integrations.ts';
import { type ApiRule, NOTES, operationsOf } from './api-operations.ts';
import {
  type Finding,
  itemsOf,
  type JsonFields,
  jsonFields,
  objectsIn,
  type Resource,
} from './refusal.ts';

const QUOTAS =
  'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html';

const MAX_BYTES = 6 * 1024 * 1024;
const MAX_RESOURCES = 300;
const METHODS = [
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'x-amazon-apigateway-any-method',
];

/** Keywords of schemas that models do not support. */
const UNSUPPORTED = new Set([
  'additionalProperties',
  'anyOf',
  'discriminator',
  'example',
  'exclusiveMinimum',
  'nullable',
  'oneOf',
  'readOnly',
]);

const rules: readonly ApiRule[] = [
  {
    rule: 'ApiVersion',
    source:
      'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html',
    find: ({ openapi }) =>
      /^3\.0\.\d+$/.test(String(openapi)) ? [] : [`openapi is ${String(openapi)}; allowed: 3.0.x`],
  },
  {
    rule: 'ApiSize',
    source: QUOTAS,
    find: (document) => [
      ...tooMany(Buffer.byteLength(JSON.stringify(document)), MAX_BYTES, 'bytes'),
      ...tooMany(resourcePathsOf(document).length, MAX_RESOURCES, 'resources'),
    ],
  },
  {
    rule: 'ApiPathSegments',
    source: NOTES,
    find: (document) => pathsOf(document).flatMap((path) => segmentMessages(path)),
  },
  {
    rule: 'ApiPathVariables',
    source: 'https://github.com/amazon-archives/aws-apigateway-importer/issues/202',
    find: siblingMessages,
  },
  {
    rule: 'ApiReservedPaths',
    source: NOTES,
    find: (document) =>
      pathsOf(document)
        .filter((path) => ['/ping', '/sping'].includes(path))
        .map((path) => `${path} is reserved for the health check of the service`),
  },
  {
    rule: 'ApiMethods',
    source:
      'https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-method-settings.html',
    find: (document) =>
      operationsOf(document)
        .filter(({ method }) => !METHODS.includes(method))
        .map(({ at }) => `${at}: not a method of API Gateway; allowed: ${METHODS.join(', ')}`),
  },
  {
    rule: 'ApiModelNames',
    source: 'https://github.com/edx/api-manager/pull/259',
    find: (document) =>
      Object.keys(schemasOf(document))
        .filter((name) => !/^[A-Za-z0-9]+$/.test(name))
        .map((name) => `the schema "${name}"; allowed: letters and digits`),
  },
  { rule: 'ApiReferences', source: NOTES, find: referenceMessages },
  { rule: 'ApiSchemas', source: NOTES, find: schemaMessages },
  { rule: 'ApiSecurity', source: NOTES, find: securityMessages },
  ...integrationRules,
];

/** Returns what is wrong with a REST API. */
export function apiFindings({ properties: { Body: body } }: Resource): Finding[] {
  if (body === undefined) return [];
  const document = jsonFields(body);
  return rules.flatMap(({ rule, source, find }) =>
    find(document).map((message) => ({ rule, message: `${message} (${source})` })),
  );
}

function tooMany(count: number, most: number, unit: string): string[] {
  return count > most ? [`the document has ${count} ${unit}; allowed: ${most}`] : [];
}

function pathsOf({ paths }: JsonFields): string[] {
  return Object.keys(jsonFields(paths));
}

/** Every resource that the importer creates, those on the way to a path included. */
function resourcePathsOf(document: JsonFields): string[] {
  const all = pathsOf(document).flatMap((path) => {
    const segments = path.split('/').slice(1);
    return segments.map((_, index) => `/${segments.slice(0, index + 1).join('/')}`);
  });
  return [...new Set(all)];
}

function segmentMessages(path: string): string[] {
  const segments = path.split('/').slice(1);
  const isGreedy = (segment: string) => segment.endsWith('+}');
  return [
    ...(path.startsWith('/') ? [] : [`${path}: a path begins with /`]),
    ...segments
      .filter((segment) => !/^([\w.,:-]*|\{[\w.:-]+\+?\})$/.test(segment))
      .map(
        (segment) =>
          `${path}: the segment "${segment}"; allowed: letters, digits and _-.,: or one parameter in braces`,
      ),
    ...(segments.slice(0, -1).some(isGreedy)
      ? [`${path}: {name+} is allowed in the last segment only`]
      : []),
  ];
}

/** A resource may have one variable child, under one name. */
function siblingMessages(document: JsonFields): string[] {
  const variables = resourcePathsOf(document).filter((path) => path.endsWith('}'));
  const byParent = Map.groupBy(variables, (path) => path.slice(0, path.lastIndexOf('/')));
  return [...byParent.values()]
    .filter((siblings) => siblings.length > 1)
    .map((siblings) => `${siblings.join(' and ')}: a resource may have only one variable child`);
}

function schemasOf({ components }: JsonFields): JsonFields {
  return jsonFields(jsonFields(components).schemas);
}

function referenceMessages(document: JsonFields): string[] {
  const schemas = schemasOf(document);
  return objectsIn(document).flatMap(({ path, fields: { $ref: reference } }) => {
    if (typeof reference !== 'string') return [];
    const [, name = ''] = /^#\/components\/schemas\/(.+)$/.exec(reference) ?? [];
    if (name in schemas) return [];
    return [`${path}: $ref is ${reference}; allowed: a schema in #/components/schemas/`];
  });
}

function schemaMessages(document: JsonFields): string[] {
  const inline = operationsOf(document).flatMap(({ at, operation }) =>
    objectsIn(operation, at).flatMap(({ path, fields: { schema } }) => objectsIn(schema, path)),
  );
  return [...objectsIn(schemasOf(document), '/components/schemas'), ...inline].flatMap(
    ({ path, fields }) => {
      if (/\/properties$/.test(path)) return [];
      const keywords = Object.keys(fields).filter((key) => UNSUPPORTED.has(key));
      const isInteger = /^int(32|64)$/.test(String(fields.format)) && fields.type === 'number';
      return [
        ...keywords.map((keyword) => `${path}: ${keyword} is not supported in a model`),
        ...(isInteger
          ? [`${path}: a number with the format ${String(fields.format)} is not supported`]
          : []),
      ];
    },
  );
}

function securityMessages(document: JsonFields): string[] {
  const schemes = jsonFields(jsonFields(document.components).securitySchemes);
  const types = Object.entries(schemes)
    .filter(([, scheme]) => jsonFields(scheme).type !== 'apiKey')
    .map(
      ([name, scheme]) =>
        `the security scheme ${name} has the type ${String(jsonFields(scheme).type)}; allowed: apiKey`,
    );
  const unknown = operationsOf(document).flatMap(({ at, operation }) =>
    itemsOf(operation.security)
      .flatMap((requirement) => Object.keys(jsonFields(requirement)))
      .filter((name) => !(name in schemes))
      .map((name) => `${at}: there is no security scheme ${name}`),
  );
  return [...types, ...unknown];
}
