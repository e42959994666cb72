/** What S3's failures mean to a caller. */
import {
  type ConnectorError,
  InvalidInputError,
  ObjectAccessDeniedError,
  ObjectNotFoundError,
  UpstreamError,
  UpstreamUnavailableError,
} from '../../errors.ts';
import { type AwsFailure, awsFailure, translateAwsError } from '../aws-errors.ts';
import { describeObject, type ObjectAddress } from './object-address.ts';

/** The object no longer has the expected ETag. */
export class ObjectChangedError extends UpstreamUnavailableError {}

/**
 * Translates a failure to read an object.
 *
 * @param error - what the SDK threw
 * @param address - of the object
 * @param signal - of the request; an aborted one means a timeout
 */
export function translateReadError(
  error: unknown,
  address: ObjectAddress,
  signal: AbortSignal,
): ConnectorError {
  const object = describeObject(address);
  return translateAwsError(error, `read ${object}`, signal, (failure, options) =>
    readRefusal(object, failure, options),
  );
}

function readRefusal(
  object: string,
  { code, status, isTransient }: AwsFailure,
  options: ErrorOptions,
): ConnectorError | undefined {
  // S3 answers 405 for a version that is a delete marker.
  if (status === 404 || status === 405) {
    return new ObjectNotFoundError(`${object} does not exist (${code})`, options);
  }
  if (status === 403 || isUndecipherable(code)) {
    return new ObjectAccessDeniedError(`${object}: ${whyDenied(code)} (${code})`, options);
  }
  if (status === 412) {
    return new ObjectChangedError(`${object} changed while it was read; try again`, options);
  }
  const field = refusedFields.get(code);
  if (field) return new InvalidInputError(`${field}: S3 refused ${object} (${code})`, options);
  if (isTransient) return undefined;
  return new UpstreamError(`S3 gave an unexpected answer for ${object} (${code})`, options);
}

/** Codes that blame one field of the input (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
const refusedFields: ReadonlyMap<string, string> = new Map([
  ['InvalidBucketName', 'bucket'],
  ['KeyTooLongError', 'key'],
  ['InvalidURI', 'key'],
  // The only argument of a read that S3 itself validates.
  ['InvalidArgument', 'versionId'],
]);

/** The KMS key is disabled or deleted, or the object is encrypted with a customer-provided key (SSE-C). */
function isUndecipherable(code: string): boolean {
  return code.startsWith('KMS.') || code === 'InvalidRequest';
}

function whyDenied(code: string): string {
  if (code === 'InvalidObjectState') return 'it is archived';
  return isUndecipherable(code) ? 'S3 cannot decrypt it' : 'the function may not read it';
}

/** Why S3 refused to change an object; null if the object or its bucket is not the reason. */
export function refusalOf(error: unknown): 'gone' | 'denied' | 'changed' | null {
  const { status, isTransient } = awsFailure(error);
  // S3 answers 405 for a version that is a delete marker.
  if (status === 404 || status === 405) return 'gone';
  if (status === 403 || (status === 400 && !isTransient)) return 'denied';
  return status === 412 ? 'changed' : null;
}

/**
 * Translates a failure to write.
 *
 * @param error - what the SDK threw
 * @param action - what failed, as in `write the report`
 * @param signal - of the request; an aborted one means a timeout
 */
export function translateWriteError(
  error: unknown,
  action: string,
  signal: AbortSignal,
): ConnectorError {
  return translateAwsError(error, action, signal, ({ code, status }, options) =>
    status === 403
      ? new ObjectAccessDeniedError(`could not ${action} (${code})`, options)
      : undefined,
  );
}
