/** The published OpenAPI document, generated from the catalogue; API Gateway's copy is derived from it. */
import type { Operation } from '../../shared/operations/catalogue.ts';
import { errorSchema } from './error-responses.ts';
import { operationObject, schemaNames } from './operation-object.ts';
import { routes } from './routes.ts';
import { inputSchema, outputSchema } from './schemas.ts';
import { sharedSchemas, withReferences } from './shared-schemas.ts';
import type { OpenApiDocument, OperationObject, Schema } from './types.ts';

/** Name of the API's stage: on AWS, the first segment of every path. */
export const STAGE = 'v1';

const description = `Look up files, URLs, IP addresses and domains on VirusTotal, and submit files and URLs.

An indicator unknown to VirusTotal is a normal answer with response_code 0, not an error, and never means clean. Unknown query parameters and properties are rejected. All errors have the same envelope.`;

const server = {
  url: `https://{restApiId}.execute-api.{region}.amazonaws.com/${STAGE}`,
  description: "The stack's output ApiUrl.",
  variables: {
    restApiId: { default: 'abcdef1234', description: 'Id of the REST API.' },
    region: { default: 'us-east-1', description: 'Region of the stack.' },
  },
};

/** Generates the document. */
export function openApiDocument(): OpenApiDocument {
  return {
    openapi: '3.0.3',
    info: {
      title: 'VirusTotal connector',
      version: '1.0.0',
      description,
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [server],
    security: [{ iam: [] }, { apiKey: [] }],
    paths: paths(),
    components: {
      schemas: { Error: errorSchema, ...sharedSchemas, ...schemas() },
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

function paths(): OpenApiDocument['paths'] {
  const items: Record<string, Partial<Record<'get' | 'post', OperationObject>>> = {};
  for (const operation of routes) {
    const method = operation.route.method === 'GET' ? 'get' : 'post';
    items[operation.route.path] = {
      ...items[operation.route.path],
      [method]: operationObject(operation),
    };
  }
  return items;
}

function schemas(): Record<string, Schema> {
  return Object.fromEntries(
    routes.flatMap((operation: Operation): [string, Schema][] => {
      const names = schemaNames(operation);
      return [
        [names.input, withReferences(inputSchema(operation))],
        [names.output, withReferences(outputSchema(operation))],
      ];
    }),
  );
}
