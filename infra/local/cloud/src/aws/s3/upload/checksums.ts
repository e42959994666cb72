/** The checksums that a client may send with a body, by the header or trailer that carries them. */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Crc32, Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { element, type Xml } from '../../http/xml.ts';
import { notImplemented, refuse } from '../refusals.ts';
import type { Headers, Part } from '../state.ts';

/** A checksum in progress. */
export interface Checksum {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array | Promise<Uint8Array>;
}

const ALGORITHMS: ReadonlyMap<string, () => Checksum> = new Map<string, () => Checksum>([
  ['content-md5', () => createHash('md5')],
  ['x-amz-content-sha256', () => createHash('sha256')],
  ['x-amz-checksum-sha1', () => createHash('sha1')],
  ['x-amz-checksum-sha256', () => createHash('sha256')],
  ['x-amz-checksum-crc32', () => new Crc32()],
  ['x-amz-checksum-crc32c', () => new Crc32c()],
  ['x-amz-checksum-crc64nvme', () => new Crc64Nvme()],
]);

/** Starts the checksum of a header, for example `x-amz-checksum-crc32`; undefined for other headers. */
export function startChecksum(header: string): Checksum | undefined {
  return ALGORITHMS.get(header)?.();
}

/** Finishes a checksum. @returns the value of its header */
export async function finishChecksum(header: string, checksum: Checksum): Promise<string> {
  const encoding = header === 'x-amz-content-sha256' ? 'hex' : 'base64';
  return Buffer.from(await checksum.digest()).toString(encoding);
}

/** Whether a header may carry a checksum that S3 keeps with the object. */
export function isKeptChecksum(header: string): boolean {
  return /^x-amz-checksum-(?!algorithm$|mode$|type$)/.test(header);
}

/** Header of the checksum that an object has or is to have: `x-amz-checksum-sha256`. */
export function checksumHeaderOf(headers: IncomingHttpHeaders): string | undefined {
  const algorithm = headers['x-amz-checksum-algorithm']?.toString().toLowerCase();
  if (algorithm === undefined) return undefined;
  const header = `x-amz-checksum-${algorithm}`;
  if (ALGORITHMS.has(header)) return header;
  throw notImplemented(`the checksum ${header}`);
}

/**
 * Header of the checksum that a multipart upload is composed of its parts'; undefined if it has none, or one of the
 * whole object (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html).
 */
export function composedChecksumOf(headers: IncomingHttpHeaders): string | undefined {
  const header = checksumHeaderOf(headers);
  const isCrc64 = header === 'x-amz-checksum-crc64nvme';
  const type = headers['x-amz-checksum-type']?.toString() ?? (isCrc64 ? WHOLE : COMPOSED);
  const isPossible = type === COMPOSED ? !isCrc64 : type === WHOLE && !/-sha/.test(header ?? '');
  if (header !== undefined && !isPossible) {
    const algorithm = header.split('-').at(-1);
    const message = `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`;
    throw refuse('InvalidRequest', message);
  }
  return type === COMPOSED ? header : undefined;
}

const WHOLE = 'FULL_OBJECT';
const COMPOSED = 'COMPOSITE';

/** A checksum of a whole object, with its type. */
export function wholeChecksum(header: string, value: string): Headers {
  return { [header]: value, 'x-amz-checksum-type': WHOLE };
}

/** A checksum of the checksums of parts; none if a part has none. */
export async function composedChecksum(
  header: string | undefined,
  parts: readonly Part[],
): Promise<Headers> {
  const checksum = startChecksum(header ?? '');
  const values = parts.flatMap(({ checksums }) => checksums?.[header ?? ''] ?? []);
  if (header === undefined || !checksum || values.length < parts.length) return {};
  for (const value of values) checksum.update(Buffer.from(value, 'base64'));
  const value = `${await finishChecksum(header, checksum)}-${parts.length}`;
  return { [header]: value, 'x-amz-checksum-type': COMPOSED };
}

/** The elements that name an object's checksums in an XML answer: `ChecksumSHA256`, `ChecksumType`. */
export function checksumElements(checksums: Headers): Xml[] {
  return Object.entries(checksums).map(([header, value]) => {
    const name = header.replace('x-amz-checksum-', '');
    return element(`Checksum${name === 'type' ? 'Type' : name.toUpperCase()}`, value);
  });
}
