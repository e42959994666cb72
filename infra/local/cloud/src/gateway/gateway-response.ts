/** Gateway responses of the document: status, headers and a template for the body. */
import * as z from 'zod/mini';
import { ownField } from '../json.ts';
import { ownValue } from '../own-value.ts';
import type { HttpAnswer } from './proxy-answer.ts';
import type { GatewayRefusal } from './refusal.ts';
import { type GatewayRequest, headerValues } from './request.ts';

/** Static values, or values of the request; other sources are refused. */
const parameter = z
  .string()
  .check(z.regex(/^(?:'[^']*'|method\.request\.(?:header|querystring)\.[\w.-]+)$/));

/** Value of one type in `x-amazon-apigateway-gateway-responses`. */
export const gatewayResponseSchema = z.strictObject({
  statusCode: z.optional(z.pipe(z.union([z.string(), z.number()]), z.transform(Number))),
  responseParameters: z.optional(
    z.record(z.string().check(z.regex(/^gatewayresponse\.header\.[\w-]+$/)), parameter),
  ),
  responseTemplates: z.optional(z.record(z.string(), z.string())),
});

export type GatewayResponse = z.infer<typeof gatewayResponseSchema>;

const JSON_TYPE = 'application/json';
const DEFAULT_TEMPLATE = '{"message":$context.error.messageString}';

/**
 * Builds the answer for a refused request.
 *
 * @param responses - of the document, by type; missing types use `DEFAULT_4XX` or `DEFAULT_5XX`
 * @param context - variables of the request, for `$context.` in templates
 */
export function refusalAnswer(
  refusal: GatewayRefusal,
  responses: Readonly<Record<string, GatewayResponse>>,
  request: Pick<GatewayRequest, 'headers' | 'query'>,
  context: Readonly<Record<string, unknown>>,
): HttpAnswer {
  const byStatus = refusal.status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
  const wording: GatewayResponse =
    ownValue(responses, refusal.type) ?? ownValue(responses, byStatus) ?? {};
  const { statusCode = refusal.status, responseParameters = {} } = wording;
  const [type, template] = templateOf(wording);
  const headers = Object.entries(responseParameters).map(([name, source]): [string, string[]] => [
    name.replace('gatewayresponse.header.', ''),
    [headerValue(source, request)],
  ]);
  return {
    status: statusCode,
    headers: [['Content-Type', [type]], ['x-amzn-ErrorType', [refusal.errorType]], ...headers],
    body: Buffer.from(filled(template, { ...context, error: errorOf(refusal) })),
  };
}

function templateOf({ responseTemplates = {} }: GatewayResponse): readonly [string, string] {
  const [first = [JSON_TYPE, DEFAULT_TEMPLATE] as const] = Object.entries(responseTemplates);
  const json = ownValue(responseTemplates, JSON_TYPE);
  return json === undefined ? first : [JSON_TYPE, json];
}

function errorOf({ message, type, validationError }: GatewayRefusal) {
  return {
    message,
    messageString: JSON.stringify(message),
    responseType: type,
    validationErrorString: validationError,
  };
}

function headerValue(
  source: string,
  { headers, query }: Pick<GatewayRequest, 'headers' | 'query'>,
) {
  if (source.startsWith("'")) return source.slice(1, -1);
  const [, , where, ...rest] = source.split('.');
  const name = rest.join('.');
  const values = where === 'header' ? headerValues(headers, name) : (query.get(name) ?? []);
  return values.at(-1) ?? '';
}

/** Replaces variables without Velocity; unknown variables become empty. */
function filled(template: string, context: Readonly<Record<string, unknown>>): string {
  return template.replaceAll(/\$context\.(\w+(?:\.\w+)*)/g, (_, path: string) => {
    const value = path.split('.').reduce<unknown>(ownField, context);
    return value === undefined || value === null ? '' : String(value);
  });
}
