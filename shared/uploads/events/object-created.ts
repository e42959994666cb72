/** EventBridge events of S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
import * as z from 'zod/mini';
import { bucketName, optionalText, size } from './fields.ts';
import { toNotice, type UploadNotice } from './uploaded-object.ts';

const CREATED = 'Object Created';

/** The fields that are read; keys are not encoded here. */
const objectEvent = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.string(),
  detail: z.object({
    bucket: z.object({ name: bucketName }),
    object: z.object({
      key: z.string().check(z.minLength(1)),
      size,
      etag: optionalText,
      'version-id': optionalText,
      sequencer: optionalText,
    }),
  }),
});

/** Schema of an event; parses it to its one notice. */
export const objectCreated = z.pipe(
  objectEvent,
  z.transform(({ 'detail-type': type, detail: { bucket, object } }): UploadNotice => {
    const uploaded = {
      bucket: bucket.name,
      key: object.key,
      versionId: object['version-id'],
      etag: object.etag,
      size: object.size,
      sequencer: object.sequencer,
    };
    return toNotice(uploaded, type, type === CREATED);
  }),
);
