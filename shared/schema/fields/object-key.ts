/** Keys of S3 objects as input. */
import * as z from 'zod/mini';

const OBJECT_KEY_BYTES = 1024;

/**
 * Returns whether the key has, at any point, more `..` than names before it. S3 refuses such keys.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
function leavesBucket(key: string): boolean {
  let depth = 0;
  return key.split('/').some((part) => {
    depth += part === '..' ? -1 : 1;
    return depth < 0;
  });
}

/** Key of an S3 object, not encoded. */
export const objectKey = z.string().check(
  z.minLength(1),
  z.maxLength(OBJECT_KEY_BYTES),
  z.refine((key) => new TextEncoder().encode(key).length <= OBJECT_KEY_BYTES, {
    error: 'it has more than 1024 bytes in UTF-8',
  }),
  z.refine((key) => key.isWellFormed(), { error: 'it is not well-formed Unicode' }),
  // S3 accepts other control characters, but some servers end a name at this one.
  z.refine((key) => !key.includes('\0'), { error: 'it has a NUL character' }),
  z.refine((key) => !leavesBucket(key), { error: 'it leaves the bucket with ".."' }),
  z.describe('Key of the S3 object, not encoded, 1 to 1024 bytes in UTF-8.'),
);
