/** Buckets and keys in URLs. */
import { refuse } from './refusals.ts';

/** What a request's URL addresses. */
export interface S3Address {
  /** Empty for the service itself. */
  readonly bucket: string;
  /** Decoded but not normalised, `/` and `..` included; empty for the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
}

/** Longest key, bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;

/** Parses a path-style URL. `a//b` and `a/../b` are keys like any other. */
export function addressOf(url: string): S3Address {
  const [path = '', query] = splitOnce(url, '?');
  const [bucket = '', key = ''] = splitOnce(path.replace(/^\//, ''), '/');
  return { bucket: decode(bucket), key: checkKey(decode(key)), query: new URLSearchParams(query) };
}

/** Parses a `x-amz-copy-source` header: `bucket/key?versionId=id`, URL-encoded. */
export function copySourceOf(header: string) {
  const [path = '', versionId] = splitOnce(header, '?versionId=');
  const [bucket = '', key = ''] = splitOnce(decode(path).replace(/^\//, ''), '/');
  if (!bucket || !key) throw refuse('InvalidArgument', 'Invalid copy source object key');
  return { bucket, key, versionId };
}

/** Returns the key. @throws AwsRefusal `KeyTooLongError` */
export function checkKey(key: string): string {
  const size = Buffer.byteLength(key);
  if (size <= MAX_KEY_BYTES) return key;
  const message = `Your key is too long: ${size} bytes, at most ${MAX_KEY_BYTES}.`;
  throw refuse('KeyTooLongError', message);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse('InvalidURI', "Couldn't parse the specified URI.");
  }
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
