/** The outcomes that carry no fresh receipt. */

import { logger } from '../../logger.ts';
import type { UploadedObject } from '../events/uploaded-object.ts';
import type { SubmitResult } from './submit-result-schema.ts';
import { describeUpload } from './uploaded-version.ts';

/** A record that holds nothing to submit. */
export function skipped(object: UploadedObject, reason: string): SubmitResult {
  logger.info('object skipped', { object: describeUpload(object), reason });
  return { ...resultOf(object, 'skipped'), reason };
}

/**
 * Somebody else is at it, or nobody knows yet.
 *
 * @param seconds - until a new try makes sense; rounded up, at least 1
 */
export function inProgress(object: UploadedObject, reason: string, seconds: number): SubmitResult {
  const retryAfterSeconds = Math.max(1, Math.ceil(seconds));
  return { ...resultOf(object, 'in-progress'), reason, retryAfterSeconds };
}

/** An outcome with nothing filled in yet. */
export function resultOf(object: UploadedObject, outcome: SubmitResult['outcome']): SubmitResult {
  return { object: { ...object }, outcome, reason: null, retryAfterSeconds: null, receipt: null };
}
