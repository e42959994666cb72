/** The checksums that a client may send with a body, by the header or trailer that carries them. */
import { createHash } from 'node:crypto';
import { Crc32, Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';

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
