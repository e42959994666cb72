/** MD5, SHA-1 and SHA-256 digests as indicators. */
import { InvalidIndicator } from './invalid.ts';

/** A digest of a file. */
export interface Digest {
  /** As it was asked for, trimmed, case kept. */
  readonly asked: string;
  /** Lower-case hexadecimal. */
  readonly digest: string;
  readonly kind: 'md5' | 'sha1' | 'sha256';
}

/** What is allowed, in words. */
export const DIGEST_FORMS =
  'an MD5, SHA-1 or SHA-256: 32, 40 or 64 hexadecimal digits, white space around it ignored';

const kinds: Readonly<Record<number, Digest['kind']>> = { 32: 'md5', 40: 'sha1', 64: 'sha256' };

/**
 * Parses a digest.
 *
 * @param text - any case, white space around it is ignored
 * @throws InvalidIndicator
 */
export function parseDigest(text: string): Digest {
  const asked = text.trim();
  if (/^(?:[fu]-)?[0-9A-Fa-f]{64}-[0-9]+$/.test(asked)) {
    throw new InvalidIndicator('it is a scan_id (give it as scan_id)');
  }
  const kind = kinds[asked.length];
  if (kind === undefined) {
    throw new InvalidIndicator(`it has ${asked.length} characters, not 32, 40 or 64`);
  }
  if (!/^[0-9A-Fa-f]+$/.test(asked)) {
    throw new InvalidIndicator('it has characters other than hexadecimal digits');
  }
  return { asked, digest: asked.toLowerCase(), kind };
}
