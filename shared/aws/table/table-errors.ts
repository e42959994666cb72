/** Errors of DynamoDB, named and classified as the SDK does. */
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';

/** DynamoDB has refused a request. */
export class TableError extends Error {
  /** In the form in which the SDK's own functions read it. */
  readonly $metadata: { readonly httpStatusCode: number };

  /** @param body - parsed; `__type` is the name of the error, after a `#` */
  constructor(status: number, body: unknown) {
    const text = (name: string) => textOf(body, name);
    super(text('message') ?? text('Message') ?? `DynamoDB answered with HTTP ${status}`);
    this.name = text('__type')?.split('#').at(-1) ?? 'UnknownError';
    this.$metadata = { httpStatusCode: status };
  }
}

/** Whether a write failed because its condition did not hold. */
export function isConditionFailure(error: unknown): boolean {
  return error instanceof TableError && error.name === 'ConditionalCheckFailedException';
}

/** Classifies an error for the SDK's retry strategy, as the SDK's own client does. */
export function retryTypeOf(error: unknown) {
  if (!(error instanceof Error)) return 'CLIENT_ERROR';
  const read = Object.assign(Object.create(error), { $metadata: metadataOf(error) });
  if (isThrottlingError(read)) return 'THROTTLING';
  if (isTransientError(read)) return 'TRANSIENT';
  return isServerError(read) ? 'SERVER_ERROR' : 'CLIENT_ERROR';
}

function metadataOf(error: Error) {
  return error instanceof TableError ? error.$metadata : {};
}

function textOf(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' ? value : undefined;
}
