/** Checksums that a client may send with a body, by the header or trailer that carries them. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc32c, crc64nvme } from './crc.ts';

/** A checksum in the making. */
export interface Checksum {
  update(bytes: Uint8Array): void;
  /** As the header has it. */
  value(): string;
}

/** Starts the checksum of a header, for example `x-amz-checksum-crc32`; undefined for other headers. */
export function checksumFor(header: string): Checksum | undefined {
  return MAKERS.get(header)?.();
}

/** Whether a header carries a checksum that S3 keeps with the object. */
export function isKeptChecksum(header: string): boolean {
  return header.startsWith('x-amz-checksum-') && MAKERS.has(header);
}

const MAKERS: ReadonlyMap<string, () => Checksum> = new Map([
  ['content-md5', () => hash('md5', 'base64')],
  ['x-amz-content-sha256', () => hash('sha256', 'hex')],
  ['x-amz-checksum-sha1', () => hash('sha1', 'base64')],
  ['x-amz-checksum-sha256', () => hash('sha256', 'base64')],
  ['x-amz-checksum-crc32', () => crc(4, (bytes, so) => BigInt(crc32(bytes, Number(so))))],
  ['x-amz-checksum-crc32c', () => crc(4, (bytes, so) => BigInt(crc32c(bytes, Number(so))))],
  ['x-amz-checksum-crc64nvme', () => crc(8, crc64nvme)],
]);

function hash(algorithm: string, encoding: 'base64' | 'hex'): Checksum {
  const digest = createHash(algorithm);
  return { update: (bytes) => digest.update(bytes), value: () => digest.digest(encoding) };
}

function crc(
  size: 4 | 8,

  next: (bytes: Uint8Array, soFar: bigint) => bigint,
): Checksum {
  let soFar = 0n;
  return {
    update(bytes) {
      soFar = next(bytes, soFar);
    },
    value: () => Buffer.from(soFar.toString(16).padStart(size * 2, '0'), 'hex').toString('base64'),
  };
}
