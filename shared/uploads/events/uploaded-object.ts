/** An uploaded object, as its event describes it. */

/** An object as its event describes it; what the event leaves out is null. */
export interface UploadedObject {
  readonly bucket: string;
  /** Key, decoded. */
  readonly key: string;
  /** Version; null in a bucket that was never versioned. */
  readonly versionId: string | null;
  /** ETag without quotes. */
  readonly etag: string | null;
  /** Bytes. Some S3-compatible stores leave out a 0, or say 0 of an object that was uploaded in parts. */
  readonly size: number | null;
  /** Orders the events of one key: hexadecimal digits; pad the shorter one with zeros at its end. */
  readonly sequencer: string | null;
}

/** What one record of an event says: an object to submit, or why there is nothing to submit. */
export interface UploadNotice {
  readonly object: UploadedObject;
  /** Why nothing is submitted, in words; null if the object is to be submitted. */
  readonly skip: string | null;
}

/**
 * Returns the notice of an object.
 *
 * @param object - as the event describes it
 * @param eventName - for example `ObjectCreated:Put`
 * @param isCreation - whether that event brings a new object
 */
export function toNotice(
  object: UploadedObject,
  eventName: string,
  isCreation: boolean,
): UploadNotice {
  if (!isCreation) return { object, skip: `${eventName} brings no new object` };
  return { object, skip: isSurelyEmpty(object) ? whyEmpty(object) : null };
}

/** ETag of an empty object, unless it is encrypted with KMS or uploaded in parts: the MD5 of nothing. */
const EMPTY_ETAG = 'd41d8cd98f00b204e9800998ecf8427e';

/**
 * Whether the event leaves no doubt that there is nothing to scan. A size of 0 alone does: Ceph and others have said
 * 0 of objects with content (https://tracker.ceph.com/issues/45150), and a skip is final. S3 is asked then.
 */
function isSurelyEmpty({ size, etag }: UploadedObject): boolean {
  return size === 0 && etag === EMPTY_ETAG;
}

/** Returns why an object without content is not submitted, in words. */
export function whyEmpty({ key }: UploadedObject): string {
  return key.endsWith('/') ? 'it is a folder marker' : 'it is empty';
}

/** Whether a version never changes: `null`, written while versioning was off, can be replaced. */
export function isVersion(versionId: string | null): versionId is string {
  return versionId !== null && versionId !== 'null';
}
