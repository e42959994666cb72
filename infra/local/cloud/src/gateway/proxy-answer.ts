/** From what a function returned to an HTTP answer, by the rules of proxy integrations. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as z from 'zod/mini';
import { GatewayRefusal } from './refusal.ts';

export interface HttpAnswer {
  readonly status: number;
  /** In order; a later name replaces the same name, regardless of case. */
  readonly headers: readonly (readonly [name: string, values: readonly string[]])[];
  readonly body: Buffer;
}

const headerValue = z.union([z.string(), z.boolean()]);

/** All fields are optional; others are not allowed. */
const answerSchema = z.strictObject({
  statusCode: z.optional(z.nullable(z.union([z.int(), z.string().check(z.regex(/^\d{3}$/))]))),
  headers: z.optional(z.nullable(z.record(z.string(), headerValue))),
  multiValueHeaders: z.optional(z.nullable(z.record(z.string(), z.array(headerValue)))),
  body: z.optional(z.nullable(z.string())),
  isBase64Encoded: z.optional(z.nullable(z.boolean())),
});

/** Headers that API Gateway reserves; it renames those of the function. */
const remapped: readonly string[] = [
  'connection',
  'content-length',
  'date',
  'host',
  'server',
  'user-agent',
  'www-authenticate',
  'x-amzn-requestid',
];
const dropped: readonly string[] = ['transfer-encoding', 'upgrade', 'te', 'trailer'];

/**
 * Reads a function's answer.
 *
 * @param payload - JSON text
 * @param takesBytes - whether the client accepts a media type that the API returns as bytes; without
 *   that a base64 body is not decoded
 * @throws GatewayRefusal if it is not a proxy response
 */
export function proxyAnswer(payload: string, takesBytes: boolean): HttpAnswer {
  const parsed = answerSchema.safeParse(parse(payload));
  const malformed = new GatewayRefusal('DEFAULT_5XX');
  if (!parsed.success) throw malformed;
  const { headers, multiValueHeaders, isBase64Encoded, body, statusCode } = parsed.data;
  const status = Number(statusCode ?? 200);
  if (status < 200 || status > 599) throw malformed;
  const single = Object.entries(headers ?? {}).map(([name, value]) => [name, [value]] as const);
  const fields = [...single, ...Object.entries(multiValueHeaders ?? {})].flatMap(passedBack);
  if (!fields.every(isValid)) throw malformed;
  return {
    status,
    headers: [['Content-Type', ['application/json']], ...fields],
    body: Buffer.from(body ?? '', isBase64Encoded && takesBytes ? 'base64' : 'utf8'),
  };
}

function passedBack([name, values]: readonly [string, readonly (string | boolean)[]]) {
  const lower = name.toLowerCase();
  if (dropped.includes(lower)) return [];
  const outward = remapped.includes(lower) ? `x-amzn-Remapped-${name}` : name;
  return [[outward, values.map(String)] as const];
}

function isValid([name, values]: readonly [string, readonly string[]]): boolean {
  try {
    validateHeaderName(name);
    for (const value of values) validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
