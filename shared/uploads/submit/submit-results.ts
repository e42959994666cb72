/** Creates results of uploaded objects. */
import { describeObject } from '../../aws/s3/object-address.ts';
import { logger } from '../../logger.ts';
import type { UploadedObject } from '../events/uploaded-object.ts';
import type { SubmitResult } from './submit-result-schema.ts';

/** There is nothing to submit. */
export function skipped(object: UploadedObject, reason: string): SubmitResult {
  const { bucket, key, versionId } = object;
  const address = { bucket, key, versionId: versionId ?? undefined };
  logger.info('object skipped', { object: describeObject(address), reason });
  return { ...resultOf(object, 'skipped'), reason };
}

/**
 * Another attempt submits it, or may have done so.
 *
 * @param seconds - until a retry makes sense; rounded up, at least 1
 */
export function inProgress(object: UploadedObject, reason: string, seconds: number): SubmitResult {
  const retryAfterSeconds = Math.max(1, Math.ceil(seconds));
  return { ...resultOf(object, 'in-progress'), reason, retryAfterSeconds };
}

/** A result without reason and receipt. */
export function resultOf(object: UploadedObject, outcome: SubmitResult['outcome']): SubmitResult {
  return { object: { ...object }, outcome, reason: null, retryAfterSeconds: null, receipt: null };
}
