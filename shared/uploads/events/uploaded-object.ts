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
  /** Bytes; some S3-compatible stores leave out a 0. */
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
  return { object, skip: object.size === 0 ? whyEmpty(object) : null };
}

/** Returns why an object without content is not submitted, in words. */
export function whyEmpty({ key }: UploadedObject): string {
  return key.endsWith('/') ? 'it is a folder marker' : 'it is empty';
}

/** Whether a version never changes: `null`, written while versioning was off, can be replaced. */
export function isVersion(versionId: string | null): versionId is string {
  return versionId !== null && versionId !== 'null';
}
