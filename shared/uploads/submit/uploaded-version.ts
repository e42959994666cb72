/** Which object an event means: what its claim is about, and how exactly that one is read. */
import { createHash } from 'node:crypto';
import { InvalidInputError } from '../../errors.ts';
import { CLOCK_SKEW_MS, type EventLimits } from '../../limits.ts';
import type { UploadedObject } from '../events/uploaded-object.ts';
import type { ClaimRequest } from '../state/claims.ts';
import { describeObject } from './object-address.ts';

/**
 * Key of an object's item in the state table. The version makes an object the same, or in a bucket
 * without versions the content: the same content, uploaded again under the same key within the time of
 * the receipt, is a duplicate.
 *
 * @throws InvalidInputError when its event names neither
 */
export function claimId({ bucket, key, versionId, etag, sequencer }: UploadedObject): string {
  const [kind, identity] = isVersion(versionId)
    ? ['version', versionId]
    : ['content', etag ?? sequencer];
  if (identity === null) {
    throw new InvalidInputError('event: got an object without version, ETag and sequencer');
  }
  // Hashed, because a long key and version would not fit into the 2,048 bytes of an item's key.
  const digest = createHash('sha256').update(JSON.stringify([bucket, key, kind, identity]));
  return `object#${digest.digest('hex')}`;
}

/** The claim of an object, for as long as the invocation can last. */
export function claimRequest(
  object: UploadedObject,
  { requestId, endsAt }: EventLimits,
): ClaimRequest {
  const { bucket, key, versionId, etag } = object;
  return {
    id: claimId(object),
    about: { bucket, objectKey: key, versionId: versionId ?? '', etag: etag ?? '' },
    requestId,
    leaseUntil: endsAt + CLOCK_SKEW_MS,
  };
}

/** Whether a version stays what it is: `null`, that of what was written while versioning was off, can be replaced. */
export function isVersion(versionId: string | null): versionId is string {
  return versionId !== null && versionId !== 'null';
}

/** Where an uploaded object is; what can be replaced is read only while it is what the event tells of. */
export function addressOf({ bucket, key, versionId, etag }: UploadedObject) {
  return {
    address: { bucket, key, versionId: versionId ?? undefined },
    etag: isVersion(versionId) || etag === null ? undefined : `"${etag}"`,
  };
}

/** How the log names an uploaded object. */
export function describeUpload({ bucket, key, versionId }: UploadedObject): string {
  return describeObject({ bucket, key, versionId: versionId ?? undefined });
}
