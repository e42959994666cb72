/** What an operation answers when it fails: by status, with the names that have it. */
import { type ErrorName, errorTable } from '../../shared/errors.ts';
import type { Response, Schema } from './types.ts';

/** Names that are not in the table: refusals by the gateway itself, and a defect of ours. */
export const gatewayErrors = {
  AccessDeniedError: {
    status: 403,
    when: 'The request is not signed or carries no valid API key, its caller may not use the API, or there is no such route.',
  },
  InternalError: { status: 500, when: 'A defect of the connector; its log has the cause.' },
} as const;

/** A name in the envelope of an HTTP error. */
export type HttpErrorName = ErrorName | keyof typeof gatewayErrors;

/** Status and meaning of every name. */
export const httpErrors: Readonly<Record<HttpErrorName, { status: number; when: string }>> = {
  ...errorTable,
  ...gatewayErrors,
};

/** The envelope of every error. */
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
          description: 'Which error; see the status.',
        },
        message: {
          type: 'string',
          description:
            'What happened, in words; a QuotaExceededError ends retryAfterSeconds=<integer>.',
        },
        requestId: { type: 'string', description: 'Id of the request, which the logs carry too.' },
      },
    },
  },
};

const retryAfter = {
  description: 'Seconds to wait.',
  required: true,
  schema: { type: 'integer', minimum: 1 },
};

/**
 * The error responses of an operation.
 *
 * @param names - errors that the operation itself can end with
 * @returns by status, in ascending order, those of the gateway included
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
