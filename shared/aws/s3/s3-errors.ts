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
  return translateAwsError(error, `read ${describeObject(address)}`, signal, (failure, options) =>
    readRefusal(address, failure, options),
  );
}

function readRefusal(
  address: ObjectAddress,
  failure: AwsFailure,
  options: ErrorOptions,
): ConnectorError | undefined {
  const { code } = failure;
  const object = describeObject(address);
  if (isPassing(failure)) return undefined;
  const refusal = refusalFor(failure);
  if (refusal === 'gone') {
    return new ObjectNotFoundError(`${object} does not exist (${code})`, options);
  }
  if (refusal === 'denied') {
    return new ObjectAccessDeniedError(`${object}: ${whyDenied(code)} (${code})`, options);
  }
  if (refusal === 'changed') {
    return new ObjectChangedError(`${object} changed while it was read; try again`, options);
  }
  const field = refusedFields.get(code);
  if (field) return new InvalidInputError(`${field}: S3 refused ${object} (${code})`, options);
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

/**
 * S3 cannot decrypt the object, now or on a retry: its KMS key is unusable, or it is encrypted with a
 * customer-provided key (SSE-C). These are all KMS codes that S3 documents.
 */
const undecipherable: ReadonlySet<string> = new Set([
  'KMS.DisabledException',
  'KMS.NotFoundException',
  'KMS.KMSInvalidStateException',
  'KMS.InvalidKeyUsageException',
  'InvalidRequest',
]);

function whyDenied(code: string): string {
  if (code === 'InvalidObjectState') return 'it is archived';
  return undecipherable.has(code) ? 'S3 cannot decrypt it' : 'the function may not read it';
}

/**
 * Whether a retry can get past a failure. So it can with any other code of KMS, except 403: KMS may be busy, and
 * a denial would be recorded as final, whereas a retry only takes time.
 */
function isPassing({ code, status, isTransient }: AwsFailure): boolean {
  if (isTransient) return true;
  return code.startsWith('KMS.') && status !== 403 && !undecipherable.has(code);
}

type Refusal = 'gone' | 'denied' | 'changed';

/** The one table of what a refusal says about an object, whether S3 was to read, tag, copy, delete or write it. */
function refusalFor(failure: AwsFailure): Refusal | null {
  const { code, status } = failure;
  if (isPassing(failure)) return null;
  if (status === 403 || undecipherable.has(code)) return 'denied';
  // S3 answers 405 for a version that is a delete marker.
  if (status === 404 || status === 405) return 'gone';
  return status === 412 ? 'changed' : null;
}

/** Why S3 refused to change an object; null if the object or its bucket is not the reason. */
export function refusalOf(error: unknown): Refusal | null {
  const failure = awsFailure(error);
  const isRefused = failure.status === 400 && !isPassing(failure);
  return refusalFor(failure) ?? (isRefused ? 'denied' : null);
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
  return translateAwsError(error, action, signal, (failure, options) =>
    refusalFor(failure) === 'denied'
      ? new ObjectAccessDeniedError(`could not ${action} (${failure.code})`, options)
      : undefined,
  );
}
