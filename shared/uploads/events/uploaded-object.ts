/** An object that an S3 event tells of, whatever way the event came. */

/** An object as its event describes it; what the event does not tell is null. */
export interface UploadedObject {
  readonly bucket: string;
  /** Key, raw. */
  readonly key: string;
  /** Version; null in a bucket that was never versioned. */
  readonly versionId: string | null;
  /** ETag without quotes. */
  readonly etag: string | null;
  /** Bytes; some storages that speak S3 leave a 0 out. */
  readonly size: number | null;
  /** Orders the events of one key: hexadecimal digits, the shorter one padded with zeros at its end. */
  readonly sequencer: string | null;
}

/** One record of an event: an object to submit, or why it is none. */
export interface UploadNotice {
  readonly object: UploadedObject;
  /** Why nothing is to be submitted, in words; null when the object is to be. */
  readonly skip: string | null;
}

/**
 * The record of an object.
 *
 * @param object - what the event tells
 * @param event - the event's own name
 * @param isCreation - whether that event brings a new object
 */
export function toNotice(object: UploadedObject, event: string, isCreation: boolean): UploadNotice {
  if (!isCreation) return { object, skip: `${event} brings no new object` };
  return { object, skip: object.size === 0 ? whyEmpty(object) : null };
}

/** Why an object without content is not submitted, in words. */
export function whyEmpty({ key }: UploadedObject): string {
  return key.endsWith('/') ? 'it is a folder marker' : 'it is empty';
}
