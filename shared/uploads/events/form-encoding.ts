/** The encoding of keys in S3 notifications: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */

/**
 * Decodes the key of an S3 notification: form-encoded, so that a plus sign is a space.
 *
 * @throws URIError when it is not valid percent-encoding of UTF-8
 */
export function decodeKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}
