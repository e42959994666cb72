/** MD5, SHA-1 and SHA-256 digests as indicators. */
import { InvalidIndicator } from './invalid.ts';
import { LIKE_SCAN_ID } from './patterns.ts';

/** The digest of a file. */
export interface Digest {
  /** As the caller wrote it, trimmed, in its case. */
  readonly original: string;
  /** Lower-case hexadecimal. */
  readonly hex: string;
  readonly kind: 'md5' | 'sha1' | 'sha256';
}

/** What is allowed, in words. */
export const DIGEST_FORMS =
  'an MD5, SHA-1 or SHA-256: 32, 40 or 64 hexadecimal digits; surrounding white space is ignored';

const kinds: Readonly<Record<number, Digest['kind']>> = { 32: 'md5', 40: 'sha1', 64: 'sha256' };

/**
 * Parses a digest.
 *
 * @param text - in any case; surrounding white space is ignored
 * @throws InvalidIndicator
 */
export function parseDigest(text: string): Digest {
  const original = text.trim();
  if (LIKE_SCAN_ID.test(original)) {
    throw new InvalidIndicator('it is a scan_id (pass it as scan_id)');
  }
  const kind = kinds[original.length];
  if (kind === undefined) {
    throw new InvalidIndicator(`it has ${original.length} characters, not 32, 40 or 64`);
  }
  if (!/^[0-9A-Fa-f]+$/.test(original)) {
    throw new InvalidIndicator('it has characters other than hexadecimal digits');
  }
  return { original, hex: original.toLowerCase(), kind };
}
