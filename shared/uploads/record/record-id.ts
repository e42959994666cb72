/** Names that are the same for the same object version, however often it is recorded. */
import { createHash } from 'node:crypto';
import type { UploadedObject } from '../events/uploaded-object.ts';
import { isVersion } from '../submit/uploaded-version.ts';

/**
 * Digest that names an object version. Without versions it names one upload: the same content, put again
 * under the same key, has lost its tags and is recorded again.
 */
export function objectDigest({ bucket, key, versionId, etag, sequencer }: UploadedObject): string {
  const identity = isVersion(versionId) ? ['version', versionId] : ['upload', etag, sequencer];
  return digestOf([bucket, key, ...identity]);
}

/** Id of the event of one stage. */
export function eventId(object: UploadedObject, stage: string): string {
  return digestOf([objectDigest(object), stage]);
}

/** Key of the item in the state table. */
export function recordId(object: UploadedObject): string {
  return `record#${objectDigest(object)}`;
}

/** SHA-256 of a value as JSON, hexadecimal. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
