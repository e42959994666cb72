/** Converts the published document to the copy that API Gateway imports. */
import { gatewayResponses } from './gateway-responses.ts';
import type { JsonObject, OpenApiDocument, OperationObject, PathItem } from './types.ts';

/** How callers of the API authenticate. */
export type ApiAuth = 'iam' | 'api-key';

/** Additions of the gateway's copy. */
export interface GatewayOptions {
  /** How callers authenticate. */
  readonly auth: ApiAuth;
  /** Invocation URI of the function, by `operationId`. */
  readonly integrations: Readonly<Record<string, string>>;
}

const VALIDATOR = 'parametersAndBody';

/** Integration timeout, milliseconds. */
const TIMEOUT_MS = 29_000;

/**
 * Adds integrations, validators, authorisation and gateway responses to the document, and removes what the
 * gateway does not use or accept.
 *
 * Its importer ignores or refuses parts of schemas (`nullable`, `anyOf`, `example`,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html) and its
 * answers cannot name a field. So it only checks that required parameters are present and that a body is a JSON
 * object; the functions validate the rest and name the field.
 *
 * @param document - the published document
 * @param options - what is added
 * @throws Error when an operation has no integration
 */
export function forGateway(document: OpenApiDocument, options: GatewayOptions): JsonObject {
  const { title, version } = document.info;
  return {
    openapi: document.openapi,
    info: { title, version },
    paths: Object.fromEntries(
      Object.entries(document.paths).map(([path, item]) => [path, gatewayPath(item, options)]),
    ),
    components: {
      schemas: { JsonObject: { type: 'object' } },
      securitySchemes: securitySchemes(options.auth),
    },
    'x-amazon-apigateway-api-key-source': 'HEADER',
    'x-amazon-apigateway-request-validators': {
      [VALIDATOR]: { validateRequestParameters: true, validateRequestBody: true },
    },
    'x-amazon-apigateway-request-validator': VALIDATOR,
    'x-amazon-apigateway-gateway-responses': gatewayResponses(),
  };
}

function securitySchemes(auth: ApiAuth): JsonObject {
  if (auth === 'api-key') return { apiKey: { type: 'apiKey', name: 'x-api-key', in: 'header' } };
  return {
    iam: {
      type: 'apiKey',
      name: 'Authorization',
      in: 'header',
      'x-amazon-apigateway-authtype': 'awsSigv4',
    },
  };
}

function gatewayPath(item: PathItem, options: GatewayOptions): JsonObject {
  return Object.fromEntries(
    Object.entries(item).map(([method, operation]) => [method, gatewayMethod(operation, options)]),
  );
}

function gatewayMethod(operation: OperationObject, { auth, integrations }: GatewayOptions) {
  const uri = integrations[operation.operationId];
  if (uri === undefined) throw new Error(`${operation.operationId} has no integration`);
  return {
    operationId: operation.operationId,
    summary: operation.summary,
    parameters: operation.parameters.map(({ name, in: where, required }) => ({
      name,
      in: where,
      required,
      schema: { type: 'string' },
    })),
    ...(operation.requestBody && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/JsonObject' } } },
      },
    }),
    responses: { 200: { description: 'The output.' } },
    security: [auth === 'iam' ? { iam: [] } : { apiKey: [] }],
    ...(auth === 'iam' && { 'x-amazon-apigateway-auth': { type: 'AWS_IAM' } }),
    'x-amazon-apigateway-integration': {
      type: 'aws_proxy',
      httpMethod: 'POST',
      uri,
      passthroughBehavior: 'when_no_match',
      timeoutInMillis: TIMEOUT_MS,
    },
  };
}
