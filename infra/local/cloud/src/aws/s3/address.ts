/** Which bucket and key a path-style URL names. */
import { keyTooLong, refuse } from './refusals.ts';

/** What a request's URL names. */
export interface S3Address {
  /** Empty for the service itself. */
  readonly bucket: string;
  /** Exactly as the client has it, `/` and `..` included; empty for the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
}

/** Longest key, bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;

/** Reads a request's URL; nothing is normalised, since `a//b` and `a/../b` are keys of their own. */
export function addressOf(url: string): S3Address {
  const [path = '', query] = splitOnce(url, '?');
  const [bucket = '', key = ''] = splitOnce(path.replace(/^\//, ''), '/');
  return { bucket: decode(bucket), key: checkKey(decode(key)), query: new URLSearchParams(query) };
}

/** What a `x-amz-copy-source` header names. */
export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/** Reads a `x-amz-copy-source` header: `bucket/key?versionId=id`, encoded. */
export function copySourceOf(header: string): CopySource {
  const [path = '', versionId] = splitOnce(header, '?versionId=');
  const [bucket = '', key = ''] = splitOnce(decode(path).replace(/^\//, ''), '/');
  if (!bucket || !key) throw refuse('InvalidArgument', 'Invalid copy source object key');
  return { bucket, key, versionId };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse('InvalidURI', "Couldn't parse the specified URI.");
  }
}

function checkKey(key: string): string {
  const size = Buffer.byteLength(key);
  if (size > MAX_KEY_BYTES) throw keyTooLong(size, MAX_KEY_BYTES);
  return key;
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
