/** Models that validate bodies, as API Gateway validates requests. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { GatewayRefusal } from './refusal.ts';
import { type GatewayRequest, headerValues } from './request.ts';

/** Validators by media type. */
export type Models = ReadonlyMap<string, ValidateFunction>;

type Content = Readonly<Record<string, { readonly schema?: Readonly<Record<string, unknown>> }>>;

/** Compiled models by their JSON: a process may serve an API again. */
const compiled = new Map<string, Models>();

/**
 * Compiles the schemas of a request body.
 *
 * @param content - by media type
 * @param components - of the document, for references
 */
export function compileModels(content: Content, components: unknown): Models {
  const key = JSON.stringify([content, components]);
  const models = compiled.get(key) ?? compile(content, components);
  compiled.set(key, models);
  return models;
}

function compile(content: Content, components: unknown): Models {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  return new Map(
    Object.entries(content).flatMap(([type, { schema }]) =>
      schema ? [[mediaType(type), ajv.compile({ ...schema, components })] as const] : [],
    ),
  );
}

/**
 * Validates a body. A media type without model is not validated, and an empty body counts as `{}`
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html).
 *
 * @throws GatewayRefusal
 */
export function validateBody(models: Models, { headers, body }: GatewayRequest): void {
  const [contentType = 'application/json'] = headerValues(headers, 'content-type');
  const model = models.get(mediaType(contentType)) ?? models.get('$default');
  if (!model) return;
  const value = parsed(body.length === 0 ? '{}' : body.toString('utf8'));
  if (value !== undefined && model(value)) return;
  const found = value === undefined ? ['not JSON'] : (model.errors ?? []).map(described);
  throw new GatewayRefusal('BAD_REQUEST_BODY', { validationError: `[${found.join(', ')}]` });
}

/** Without parameters, in lower case. */
export function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

function described({ instancePath, message = 'not valid' }: ErrorObject): string {
  return `${instancePath || 'the body'} ${message}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
