/** The outcomes that carry no fresh receipt. */

import { logger } from '../../logger.ts';
import type { UploadedObject } from '../events/uploaded-object.ts';
import type { UploadOutcome } from './outcome-schema.ts';
import { describeUpload } from './uploaded-version.ts';

/** A record that holds nothing to submit. */
export function skipped(object: UploadedObject, reason: string): UploadOutcome {
  logger.info('object skipped', { object: describeUpload(object), reason });
  return { ...outcomeOf(object, 'skipped'), reason };
}

/**
 * Somebody else is at it, or nobody knows yet.
 *
 * @param seconds - until a new try makes sense; rounded up, at least 1
 */
export function inProgress(object: UploadedObject, reason: string, seconds: number): UploadOutcome {
  const retryAfterSeconds = Math.max(1, Math.ceil(seconds));
  return { ...outcomeOf(object, 'in-progress'), reason, retryAfterSeconds };
}

/** An outcome with nothing filled in yet. */
export function outcomeOf(
  object: UploadedObject,
  outcome: UploadOutcome['outcome'],
): UploadOutcome {
  return { object: { ...object }, outcome, reason: null, retryAfterSeconds: null, receipt: null };
}
