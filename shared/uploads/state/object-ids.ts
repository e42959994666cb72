/** Ids of an object version: the same however often its event comes. */
import { InvalidInputError } from '../../errors.ts';
import { sha256OfJson } from '../../sha256.ts';
import { isVersion, type UploadedObject } from '../events/uploaded-object.ts';

/**
 * Key of an object's claim. It names the version, or in a bucket without versions the upload: an ETag does not tell
 * apart two files that were made to have one MD5.
 *
 * @throws InvalidInputError if the event has neither version, ETag nor sequencer
 */
export function claimId({ bucket, key, versionId, etag, sequencer }: UploadedObject): string {
  const [kind, identity] = isVersion(versionId)
    ? ['version', versionId]
    : ['upload', etag === null && sequencer === null ? null : `${etag} ${sequencer}`];
  if (identity === null) {
    throw new InvalidInputError('event: the object has neither version, ETag nor sequencer');
  }
  // Hashed, because a long key and version would exceed the 2,048 bytes of an item's key.
  return `object#${sha256OfJson([bucket, key, kind, identity])}`;
}

/**
 * Digest of an object version. In a bucket without versions it names one upload: the same content, uploaded
 * again under the same key, has lost its tags and is recorded again.
 */
export function objectDigest({ bucket, key, versionId, etag, sequencer }: UploadedObject): string {
  const identity = isVersion(versionId) ? ['version', versionId] : ['upload', etag, sequencer];
  return sha256OfJson([bucket, key, ...identity]);
}

/** Key of an object's record. */
export function recordId(object: UploadedObject): string {
  return `record#${objectDigest(object)}`;
}

/** Id of the verdict event of one stage. */
export function eventId(object: UploadedObject, stage: string): string {
  return sha256OfJson([objectDigest(object), stage]);
}

/** Attributes that show people which object an item belongs to. */
export function itemLabels({ bucket, key, versionId, etag }: UploadedObject) {
  return { bucket, objectKey: key, versionId: versionId ?? '', etag: etag ?? '' };
}
