/** The published OpenAPI document, generated from the catalogue; API Gateway's copy is derived from it. */
import type { Operation } from '../../shared/operations/catalogue.ts';
import { errorResponses, errorSchemas } from './error-responses.ts';
import { operationObject, schemaNames } from './operation-object.ts';
import { routes } from './routes.ts';
import { inputSchema, outputSchema } from './schemas.ts';
import { sharedSchemas, withReferences } from './shared-schemas.ts';
import { tags } from './tags.ts';
import type { OpenApiDocument, OperationObject, Schema } from './types.ts';

/** Name of the API's stage: on AWS, the first segment of every path. */
export const STAGE = 'v1';

const description = `Look up files, URLs, IP addresses and domains on VirusTotal, and submit files and URLs.

An indicator unknown to VirusTotal is a normal answer with response_code 0, not an error, and never means clean. Unknown query parameters and properties are rejected. All errors have the same envelope.`;

/** Generated clients use the first server by default, so it is one with a complete address. */
const servers = [
  { url: `http://127.0.0.1:3000/${STAGE}`, description: 'The local run (npm start).' },
  {
    url: `https://{restApiId}.execute-api.{region}.amazonaws.com/${STAGE}`,
    description: 'The deployed stack: its output ApiUrl.',
    variables: {
      restApiId: { default: 'abcdef1234', description: 'Id of the REST API.' },
      region: { default: 'us-east-1', description: 'Region of the stack.' },
    },
  },
];

/** Generates the document. */
export function openApiDocument(): OpenApiDocument {
  const errors = errorResponses(routes);
  return {
    openapi: '3.0.3',
    info: {
      title: 'VirusTotal connector',
      version: '1.0.0',
      description,
      contact: { name: 'The operators of the stack' },
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers,
    tags,
    security: [{ iam: [] }, { apiKey: [] }],
    paths: paths(errors.byOperation),
    components: {
      schemas: { ...errorSchemas, ...sharedSchemas, ...schemas() },
      responses: errors.components,
      securitySchemes: {
        iam: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          description: 'AWS Signature Version 4 for the service execute-api (apiAuth: iam).',
        },
        apiKey: {
          type: 'apiKey',
          name: 'x-api-key',
          in: 'header',
          description: "Key of the API's usage plan (apiAuth: api-key).",
        },
      },
    },
  };
}

function paths(
  errors: Readonly<Record<string, OperationObject['responses']>>,
): OpenApiDocument['paths'] {
  const items: Record<string, Partial<Record<'get' | 'post', OperationObject>>> = {};
  for (const operation of routes) {
    const method = operation.route.method === 'GET' ? 'get' : 'post';
    items[operation.route.path] = {
      ...items[operation.route.path],
      [method]: operationObject(operation, errors[operation.id]),
    };
  }
  return items;
}

function schemas(): Record<string, Schema> {
  return Object.fromEntries(
    routes.flatMap((operation: Operation): [string, Schema][] => {
      const names = schemaNames(operation);
      const output: [string, Schema] = [names.output, withReferences(outputSchema(operation))];
      if (operation.route.method === 'GET') return [output];
      return [[names.input, withReferences(inputSchema(operation))], output];
    }),
  );
}
