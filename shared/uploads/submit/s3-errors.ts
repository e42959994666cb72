/** What S3's failures mean to a caller of `submit_sample`. */
import {
  ConnectorError,
  InvalidInputError,
  ObjectAccessDeniedError,
  ObjectNotFoundError,
  UpstreamError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../../errors.ts';
import { describeObject, type ObjectAddress } from './object-address.ts';

/** The object is another now than the one that was asked for by its ETag. */
export class ObjectChangedError extends UpstreamUnavailableError {}

/** What the SDK throws for an answer of S3: the code as name, and the HTTP status. */
interface S3Failure extends Error {
  readonly $metadata: { readonly httpStatusCode?: number };
}

/**
 * Translates a failure of S3 into a named error.
 *
 * @param error - what the SDK threw
 * @param address - the object that was asked for
 * @param signal - tells a time-out from a broken connection
 */
export function translateS3Error(
  error: unknown,
  address: ObjectAddress,
  signal: AbortSignal,
): Error {
  if (error instanceof ConnectorError) return error;
  const object = describeObject(address);
  if (signal.aborted) {
    return new UpstreamTimeoutError(`S3 did not deliver ${object} within the time that is left`);
  }
  const { name, status } = s3Failure(error);
  const cause = { cause: error };
  // 405 is how S3 answers for a version that is a delete marker.
  if (status === 404 || status === 405) {
    return new ObjectNotFoundError(`${object}: there is no such object (${name})`, cause);
  }
  if (status === 403 || isUndecipherable(name)) {
    return new ObjectAccessDeniedError(`${object}: ${whyDenied(name)} (${name})`, cause);
  }
  if (status === 412) {
    return new ObjectChangedError(`${object}: it changed while it was read; try again`, cause);
  }
  const field = refusedFields.get(name);
  if (field) return new InvalidInputError(`${field}: S3 refused ${object} (${name})`, cause);
  if (status === undefined || status >= 500 || status === 429 || passing.has(name)) {
    return new UpstreamUnavailableError(`S3 could not be read for ${object} (${name})`, cause);
  }
  return new UpstreamError(
    `S3 gave an answer for ${object} that was not expected (${name})`,
    cause,
  );
}

/** Codes that blame one field of the input (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
const refusedFields: ReadonlyMap<string, string> = new Map([
  ['InvalidBucketName', 'bucket'],
  ['KeyTooLongError', 'key'],
  ['InvalidURI', 'key'],
  // The only argument of a reading that S3 itself judges.
  ['InvalidArgument', 'versionId'],
]);

/** Codes of status 400 that a later try does not meet. */
export const passing: ReadonlySet<string> = new Set([
  'RequestTimeout',
  'ExpiredToken',
  'TokenRefreshRequired',
]);

/** The key of KMS is disabled or gone, or the object is encrypted by a key that only its owner has (SSE-C). */
function isUndecipherable(code: string): boolean {
  return code.startsWith('KMS.') || code === 'InvalidRequest';
}

function whyDenied(code: string): string {
  if (code === 'InvalidObjectState') return 'it is archived';
  return isUndecipherable(code) ? 'S3 cannot decrypt it' : 'the function may not read it';
}

/** An error's code, and its HTTP status when it is an answer of S3. */
export function s3Failure(error: unknown): { name: string; status: number | undefined } {
  if (!(error instanceof Error)) return { name: 'Error', status: undefined };
  const status = isS3Failure(error) ? error.$metadata.httpStatusCode : undefined;
  return { name: error.name, status };
}

function isS3Failure(error: Error): error is S3Failure {
  return '$metadata' in error && typeof error.$metadata === 'object' && error.$metadata !== null;
}
