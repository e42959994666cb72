/** Error responses of an operation, by status. */
import { type ErrorName, errorTable } from '../../shared/errors.ts';
import type { Response, Schema } from './types.ts';

/** Names besides those in the error table: refusals by the gateway, and internal errors. */
export const gatewayErrors = {
  AccessDeniedError: {
    status: 403,
    when: 'The request has no valid signature or API key, the caller may not use the API, or the route does not exist.',
  },
  InternalError: { status: 500, when: 'Internal error of the connector; the log has the cause.' },
} as const;

/** Error name in an HTTP answer. */
export type HttpErrorName = ErrorName | keyof typeof gatewayErrors;

/** Status and meaning of each error name. */
export const httpErrors: Readonly<Record<HttpErrorName, { status: number; when: string }>> = {
  ...errorTable,
  ...gatewayErrors,
};

/** Schema of the error envelope. */
export const errorSchema: Schema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['name', 'message', 'requestId'],
      properties: {
        name: {
          type: 'string',
          enum: Object.keys(httpErrors),
          description: 'Name of the error.',
        },
        message: {
          type: 'string',
          description:
            'What happened. The message of a QuotaExceededError ends with retryAfterSeconds=<integer>.',
        },
        requestId: { type: 'string', description: 'Id of the request, which is also in the logs.' },
      },
    },
  },
};

const retryAfter = {
  description: 'Seconds to wait before retrying.',
  required: true,
  schema: { type: 'integer', minimum: 1 },
};

/**
 * Returns the error responses of an operation.
 *
 * @param names - errors that the operation can throw
 * @returns responses by status, ascending, including those of the gateway
 */
export function errorResponses(names: readonly ErrorName[]): Record<string, Response> {
  const all: HttpErrorName[] = [...names, 'AccessDeniedError', 'InternalError'];
  const statuses = [...new Set(all.map((name) => httpErrors[name].status))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      responseOf(
        status,
        all.filter((name) => httpErrors[name].status === status),
      ),
    ]),
  );
}

function responseOf(status: number, names: readonly HttpErrorName[]): Response {
  const one = { properties: { error: { type: 'object', properties: { name: { enum: names } } } } };
  return {
    description: names.map((name) => `${name}: ${httpErrors[name].when}`).join(' '),
    ...(status === 429 && { headers: { 'Retry-After': retryAfter } }),
    content: {
      'application/json': {
        schema: { allOf: [{ $ref: '#/components/schemas/Error' }, { type: 'object', ...one }] },
      },
    },
  };
}
