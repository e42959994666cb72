/** What S3's failures mean to whoever changes an object. */
import {
  ConnectorError,
  ObjectAccessDeniedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../../errors.ts';
import { passing, s3Failure } from '../submit/s3-errors.ts';

/** Why a request could not be done, when the object or its bucket is the reason; null: for another one. */
export function refusalOf(error: unknown): 'gone' | 'denied' | 'changed' | null {
  const { name, status } = s3Failure(error);
  // 405 is how S3 answers for a version that is a delete marker.
  if (status === 404 || status === 405) return 'gone';
  if (status === 403 || (status === 400 && !passing.has(name))) return 'denied';
  return status === 412 ? 'changed' : null;
}

/**
 * Translates a failure of S3 into a named error.
 *
 * @param error - what the SDK threw
 * @param what - was to be done, as in "the report could not be written"
 * @param signal - tells a time-out from everything else
 */
export function translateWriteError(error: unknown, what: string, signal: AbortSignal): Error {
  if (error instanceof ConnectorError) return error;
  if (signal.aborted) {
    return new UpstreamTimeoutError(`${what} within the time that is left`, { cause: error });
  }
  const { name, status } = s3Failure(error);
  const message = `${what} (${name})`;
  return status === 403
    ? new ObjectAccessDeniedError(message, { cause: error })
    : new UpstreamUnavailableError(message, { cause: error });
}
