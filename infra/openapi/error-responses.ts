/** Error responses. */
import { STATUS_CODES } from 'node:http';
import { type ErrorName, errorTable } from '../../shared/errors.ts';
import type { Operation } from '../../shared/operations/catalogue.ts';
import type { JsonObject, Reference, Response, Schema } from './types.ts';

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

/** Schemas of the error envelope, by component name. */
export const errorSchemas: Readonly<Record<string, Schema>> = {
  ApiError: {
    type: 'object',
    required: ['error'],
    properties: { error: { $ref: '#/components/schemas/ApiErrorDetails' } },
  },
  ApiErrorDetails: {
    type: 'object',
    required: ['name', 'message', 'requestId'],
    properties: {
      name: { $ref: '#/components/schemas/ApiErrorName' },
      message: {
        type: 'string',
        description:
          'What happened. The message of a QuotaExceededError ends with retryAfterSeconds=<integer>.',
      },
      requestId: { type: 'string', description: 'Id of the request, which is also in the logs.' },
    },
  },
  ApiErrorName: {
    type: 'string',
    enum: Object.keys(httpErrors),
    description: 'Name of the error.',
  },
};

/** Request id in examples. */
const REQUEST_ID = 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef';

const retryAfter = {
  description: 'Seconds to wait before retrying.',
  required: true,
  schema: { type: 'integer', minimum: 1 },
};

/** The error responses of all operations. */
interface ErrorResponses {
  /** Responses by component name. */
  readonly components: Readonly<Record<string, Response>>;
  /** References to them by status, ascending, by id of the operation. */
  readonly byOperation: Readonly<Record<string, Readonly<Record<string, Reference>>>>;
}

/**
 * Describes each error response once: a response is a status with the names of errors that an operation has
 * with it, including those of the gateway. It is named after its status, and if operations have different
 * names with one status, the rarer responses also after an operation.
 */
export function errorResponses(
  operations: readonly Pick<Operation, 'id' | 'errors'>[],
): ErrorResponses {
  const all = operations.flatMap(({ id, errors }) => responsesOf(id, errors));
  const names = new Map(all.map((one) => [keyOf(one), componentName(one, all)]));
  const nameOf = (one: OperationError) => names.get(keyOf(one)) ?? '';
  return {
    components: Object.fromEntries(all.map((one) => [nameOf(one), responseOf(one)])),
    byOperation: Object.fromEntries(
      operations.map(({ id }) => [
        id,
        Object.fromEntries(
          all
            .filter((one) => one.id === id)
            .map((one) => [String(one.status), { $ref: `#/components/responses/${nameOf(one)}` }]),
        ),
      ]),
    ),
  };
}

/** The errors of an operation with one status. */
interface OperationError {
  readonly id: string;
  readonly status: number;
  readonly names: readonly HttpErrorName[];
}

function responsesOf(id: string, errors: readonly ErrorName[]): readonly OperationError[] {
  const all: HttpErrorName[] = [...errors, 'AccessDeniedError', 'InternalError'];
  const statuses = [...new Set(all.map((name) => httpErrors[name].status))].sort((a, b) => a - b);
  return statuses.map((status) => ({
    id,
    status,
    names: all.filter((name) => httpErrors[name].status === status),
  }));
}

function keyOf({ status, names }: OperationError): string {
  return [status, ...names].join(' ');
}

function componentName(one: OperationError, all: readonly OperationError[]): string {
  const sharing = (other: OperationError) => all.filter((it) => keyOf(it) === keyOf(other));
  const rivals = all.filter(({ status }) => status === one.status);
  const isCommon = rivals.every((rival) => sharing(rival).length <= sharing(one).length);
  const phrase = (STATUS_CODES[one.status] ?? String(one.status)).replaceAll(' ', '');
  return isCommon ? phrase : `${sharing(one)[0]?.id}${phrase}`;
}

/** The examples name the errors of one status. A schema for each list of names would become types in generators. */
function responseOf({ status, names }: OperationError): Response {
  return {
    description: names.map((name) => `${name}: ${httpErrors[name].when}`).join(' '),
    ...(status === 429 && { headers: { 'Retry-After': retryAfter } }),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/ApiError' },
        examples: Object.fromEntries(names.map((name) => [name, exampleOf(name)])),
      },
    },
  };
}

function exampleOf(name: HttpErrorName): JsonObject {
  const { when, status } = httpErrors[name];
  const message = status === 429 ? `${when} retryAfterSeconds=60` : when;
  return { summary: name, value: { error: { name, message, requestId: REQUEST_ID } } };
}
