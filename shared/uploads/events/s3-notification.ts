/** S3's own event notifications: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
import * as z from 'zod/mini';
import { bucketName, optionalText, size } from './fields.ts';
import { toNotice, type UploadNotice } from './uploaded-object.ts';

/** A form-encoded key: a plus sign is a space. Parses to the decoded key. */
const encodedKey = z.pipe(
  z.string().check(z.minLength(1)),
  z.transform((encoded: string, context) => {
    try {
      return decodeURIComponent(encoded.replaceAll('+', ' '));
    } catch {
      context.issues.push({ code: 'custom', message: 'form-encoded UTF-8', input: encoded });
      return z.NEVER;
    }
  }),
);

/** The fields of a record that are read; minor versions only add fields. */
const recordFields = z.object({
  eventVersion: z.string().check(z.regex(/^2\./)),
  eventSource: z.literal('aws:s3'),
  eventName: z.string(),
  s3: z.object({
    bucket: z.object({ name: bucketName }),
    object: z.object({
      key: encodedKey,
      size,
      eTag: optionalText,
      versionId: optionalText,
      sequencer: optionalText,
    }),
  }),
});

/** Schema of a notification; its records are parsed one by one, because one may be malformed. */
export const notification = z.object({ Records: z.array(z.unknown()) });

/** Schema of one record of a notification; parses it to its notice. */
export const notificationRecord = z.pipe(
  recordFields,
  z.transform(({ eventName, s3: { bucket, object } }): UploadNotice => {
    const uploaded = {
      bucket: bucket.name,
      key: object.key,
      versionId: object.versionId,
      etag: object.eTag,
      size: object.size,
      sequencer: object.sequencer,
    };
    // Names start with `s3:` in a bucket's configuration, but not in its events.
    return toNotice(uploaded, eventName, /^(s3:)?ObjectCreated:/.test(eventName));
  }),
);
