/** Reads the API from its OpenAPI document; unsupported parts are refused at start. */
import * as z from 'zod/mini';
import { ownValue } from '../own-value.ts';
import { issuesText } from '../schema-issues.ts';
import { type GatewayResponse, gatewayResponseSchema } from './gateway-response.ts';
import { compileModels, type Models } from './models.ts';

/** A document that the gateway cannot serve; the message names the unsupported part. */
export class UnsupportedApiError extends Error {
  override readonly name = 'UnsupportedApiError';
}

export interface RequiredParameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
}

/** A method of a resource. */
export interface Route {
  /** In upper case, or `ANY`. */
  readonly method: string;
  /** For example `/files/{resource}`. */
  readonly resource: string;
  /** The document's `operationId`. */
  readonly operationName?: string;
  readonly functionArn: string;
  /** Timeout of the function, milliseconds. */
  readonly timeoutMs: number;
  readonly needsApiKey: boolean;
  /** Whether callers sign their requests (`AWS_IAM`). */
  readonly needsSignature: boolean;
  /** Empty when parameters are not validated. */
  readonly requiredParameters: readonly RequiredParameter[];
  /** None when bodies are not validated. */
  readonly models: Models;
}

export interface ApiDefinition {
  readonly routes: readonly Route[];
  /** By type. */
  readonly responses: Readonly<Record<string, GatewayResponse>>;
  readonly binaryMediaTypes: readonly string[];
}

const VALIDATOR = 'x-amazon-apigateway-request-validator';
const ANY = 'x-amazon-apigateway-any-method';

/** API Gateway's maximum integration timeout, milliseconds. */
const MAX_TIMEOUT_MS = 29_000;

const record = z.record(z.string(), z.unknown());

const methodSchema = z.object({
  operationId: z.optional(z.string()),
  parameters: z._default(
    z.array(
      z.object({ name: z.string(), in: z.string(), required: z._default(z.boolean(), false) }),
    ),
    [],
  ),
  requestBody: z.optional(
    z.object({ content: z.record(z.string(), z.object({ schema: z.optional(record) })) }),
  ),
  security: z.optional(z.array(z.record(z.string(), z.unknown()))),
  [VALIDATOR]: z.optional(z.string()),
  'x-amazon-apigateway-integration': z.object({
    type: z.string().check(z.regex(/^aws_proxy$/i)),
    httpMethod: z.literal('POST'),
    uri: z.string(),
    timeoutInMillis: z._default(z.number(), MAX_TIMEOUT_MS),
  }),
});

const documentSchema = z.object({
  paths: z.record(z.string(), record),
  components: z.optional(
    z.object({
      schemas: z.optional(record),
      securitySchemes: z.optional(
        z.record(
          z.string(),
          z.object({
            type: z.string(),
            name: z.optional(z.string()),
            'x-amazon-apigateway-authtype': z.optional(z.string()),
          }),
        ),
      ),
    }),
  ),
  security: z.optional(z.array(z.record(z.string(), z.unknown()))),
  'x-amazon-apigateway-api-key-source': z.optional(z.literal('HEADER')),
  'x-amazon-apigateway-binary-media-types': z.optional(z.array(z.string())),
  'x-amazon-apigateway-gateway-responses': z.optional(z.record(z.string(), gatewayResponseSchema)),
  'x-amazon-apigateway-request-validators': z.optional(
    z.record(
      z.string(),
      z.object({
        validateRequestParameters: z._default(z.boolean(), false),
        validateRequestBody: z._default(z.boolean(), false),
      }),
    ),
  ),
  [VALIDATOR]: z.optional(z.string()),
});

type Document = z.infer<typeof documentSchema>;
type Method = z.infer<typeof methodSchema>;

/**
 * Reads the document.
 *
 * @throws UnsupportedApiError
 */
export function readDefinition(document: unknown): ApiDefinition {
  const api = parsed(documentSchema, document, 'the document');
  return {
    routes: Object.entries(api.paths).flatMap(([resource, item]) =>
      Object.entries(item).map(([method, value]) => {
        const about = `${method} ${resource}`;
        return routeOf(api, resource, method, parsed(methodSchema, value, about));
      }),
    ),
    responses: api['x-amazon-apigateway-gateway-responses'] ?? {},
    binaryMediaTypes: api['x-amazon-apigateway-binary-media-types'] ?? [],
  };
}

function routeOf(api: Document, resource: string, method: string, operation: Method): Route {
  const about = `${method} ${resource}`;
  const integration = operation['x-amazon-apigateway-integration'];
  const validator = validatorOf(api, operation, about);
  const access = accessOf(api, operation, about);
  return {
    method: method === ANY ? 'ANY' : method.toUpperCase(),
    resource,
    operationName: operation.operationId,
    functionArn: functionArnOf(integration.uri, about),
    timeoutMs: Math.min(integration.timeoutInMillis, MAX_TIMEOUT_MS),
    needsApiKey: access.includes('api-key'),
    needsSignature: access.includes('signature'),
    requiredParameters: validator.validateRequestParameters ? requiredOf(operation, about) : [],
    models: compileModels(
      validator.validateRequestBody ? (operation.requestBody?.content ?? {}) : {},
      api.components,
    ),
  };
}

function validatorOf(api: Document, operation: Method, about: string) {
  const name = operation[VALIDATOR] ?? api[VALIDATOR];
  if (name === undefined) return { validateRequestParameters: false, validateRequestBody: false };
  const validators = api['x-amazon-apigateway-request-validators'] ?? {};
  const found = ownValue(validators, name);
  if (found) return found;
  throw new UnsupportedApiError(`${about}: the document has no request validator ${name}`);
}

function functionArnOf(uri: string, about: string): string {
  const [, arn] =
    /^arn:aws:apigateway:[\w-]+:lambda:path\/\/?2015-03-31\/functions\/([^/]+)\/invocations$/.exec(
      uri,
    ) ?? [];
  if (arn !== undefined) return arn;
  throw new UnsupportedApiError(`${about}: the local gateway only invokes functions; got ${uri}`);
}

function requiredOf({ parameters }: Method, about: string): RequiredParameter[] {
  return parameters
    .filter(({ required }) => required)
    .map(({ name, in: where }) => {
      if (where === 'path' || where === 'query' || where === 'header') return { name, in: where };
      throw new UnsupportedApiError(`${about}: the parameter ${name} is in ${where}`);
    });
}

/** How callers show who they are. Refuses other authorisers. */
function accessOf(api: Document, operation: Method, about: string): ('signature' | 'api-key')[] {
  const names = (operation.security ?? api.security ?? []).flatMap((one) => Object.keys(one));
  const schemes = api.components?.securitySchemes ?? {};
  return names.map((name) => {
    const scheme = ownValue(schemes, name);
    if (scheme?.['x-amazon-apigateway-authtype'] === 'awsSigv4') return 'signature';
    if (scheme?.type === 'apiKey' && scheme.name?.toLowerCase() === 'x-api-key') return 'api-key';
    throw new UnsupportedApiError(
      `${about}: the local gateway does not support the scheme ${name}`,
    );
  });
}

function parsed<T extends z.ZodMiniType>(schema: T, value: unknown, about: string): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = issuesText(result.error.issues);
  throw new UnsupportedApiError(`The local gateway cannot serve ${about}: ${issues}`);
}
