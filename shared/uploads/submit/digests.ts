/** The three digests of a file, computed while its bytes pass through. */
import { createHash } from 'node:crypto';

/** Digests of one file, lower-case hexadecimal. */
export interface Digests {
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
}

/** Computes digests of a stream. */
export interface DigestTap {
  /** Passes a body through unchanged, chunk by chunk. */
  through(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** Bytes that have passed. */
  readonly bytes: number;
  /** Returns the digests of what has passed; can be called once. */
  finish(): Digests;
}

/** Creates the tap for one file. */
export function createDigestTap(): DigestTap {
  const hashes = { md5: createHash('md5'), sha1: createHash('sha1'), sha256: createHash('sha256') };
  let bytes = 0;
  return {
    async *through(body) {
      for await (const chunk of body) {
        for (const hash of Object.values(hashes)) hash.update(chunk);
        bytes += chunk.byteLength;
        yield chunk;
      }
    },
    get bytes() {
      return bytes;
    },
    finish: () => ({
      md5: hashes.md5.digest('hex'),
      sha1: hashes.sha1.digest('hex'),
      sha256: hashes.sha256.digest('hex'),
    }),
  };
}
