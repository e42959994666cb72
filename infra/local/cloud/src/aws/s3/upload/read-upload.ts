/** Reads what a client uploads: decoded, whole, and with the checksums that it came with. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { refuse } from '../refusals.ts';
import { decodeAwsChunked, incomplete } from './aws-chunked.ts';
import { type Checksum, checksumFor, isKeptChecksum } from './checksums.ts';

/** A body as its sender meant it. */
export interface UploadedBody {
  readonly bytes: Buffer;
  /** Checksums that S3 keeps with the object, by header. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** Most that one request may carry, bytes: it is held in memory. S3 itself takes 5 GiB. */
const MAX_BYTES = 2 ** 30;

/**
 * Reads an upload.
 *
 * @throws AwsRefusal `BadDigest` when a checksum that came with it is wrong, and for other defects
 */
export async function readUpload(request: IncomingMessage): Promise<UploadedBody> {
  const { headers } = request;
  const trailers = new Map<string, string>();
  const checksums = startChecksums(headers);
  const bytes = Buffer.allocUnsafeSlow(lengthOf(headers));
  const source = isAwsChunked(headers) ? decodeAwsChunked(request, trailers) : request;
  let size = 0;
  for await (const chunk of source) {
    if (size + chunk.length > bytes.length) throw incomplete();
    bytes.set(chunk, size);
    size += chunk.length;
    for (const checksum of checksums.values()) checksum.update(chunk);
  }
  if (size < bytes.length) throw incomplete();
  const sent = (name: string) => trailers.get(name) ?? headers[name]?.toString();
  return { bytes, checksums: verify(checksums, sent) };
}

/** Content encodings without `aws-chunked`, which is no property of the object. */
export function contentEncodingOf(headers: IncomingHttpHeaders): string | undefined {
  const encodings = (headers['content-encoding'] ?? '').split(',').map((name) => name.trim());
  return encodings.filter((name) => name !== '' && name !== 'aws-chunked').join(',') || undefined;
}

function isAwsChunked(headers: IncomingHttpHeaders): boolean {
  return (
    /^STREAMING-/.test(headers['x-amz-content-sha256']?.toString() ?? '') ||
    /\baws-chunked\b/.test(headers['content-encoding'] ?? '')
  );
}

function lengthOf(headers: IncomingHttpHeaders): number {
  const length = headers['x-amz-decoded-content-length'] ?? headers['content-length'];
  if (length === undefined) {
    throw refuse('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
  }
  const bytes = Number(length);
  if (!Number.isSafeInteger(bytes) || bytes < 0) {
    throw refuse('InvalidArgument', 'The length of the body is not a number.');
  }
  if (bytes > MAX_BYTES) {
    const message = `Your proposed upload exceeds the maximum allowed size of ${MAX_BYTES} bytes here: upload it in parts.`;
    throw refuse('EntityTooLarge', message);
  }
  return bytes;
}

function startChecksums(headers: IncomingHttpHeaders): Map<string, Checksum> {
  const announced = (headers['x-amz-trailer']?.toString() ?? '').toLowerCase().split(',');
  const checksums = new Map<string, Checksum>();
  for (const name of [...Object.keys(headers), ...announced.map((item) => item.trim())]) {
    const checksum = isComparable(name, headers) ? checksumFor(name) : undefined;
    if (checksum) checksums.set(name, checksum);
  }
  return checksums;
}

/** `x-amz-content-sha256` may be a word, such as UNSIGNED-PAYLOAD. */
function isComparable(name: string, headers: IncomingHttpHeaders): boolean {
  return name !== 'x-amz-content-sha256' || /^[0-9a-f]{64}$/.test(headers[name]?.toString() ?? '');
}

function verify(
  checksums: ReadonlyMap<string, Checksum>,
  sent: (name: string) => string | undefined,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, checksum] of checksums) {
    const value = checksum.value();
    if (sent(name) !== value) throw wrongChecksum(name);
    if (isKeptChecksum(name)) kept[name] = value;
  }
  return kept;
}

function wrongChecksum(name: string) {
  if (name === 'x-amz-content-sha256') {
    const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    return refuse('XAmzContentSHA256Mismatch', message);
  }
  const what = name === 'content-md5' ? 'Content-MD5' : name.split('-').at(-1)?.toUpperCase();
  return refuse('BadDigest', `The ${what} you specified did not match the calculated checksum.`);
}
