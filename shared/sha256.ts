/** SHA-256 of texts and values. */
import { createHash } from 'node:crypto';

/** SHA-256 of a text, lower-case hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** SHA-256 of a value's JSON, lower-case hexadecimal. */
export function sha256OfJson(value: unknown): string {
  return sha256(JSON.stringify(value));
}
