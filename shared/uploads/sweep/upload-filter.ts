/** Which uploads are scanned. A sweep scans no others, because the rest may be confidential. */
import * as z from 'zod/mini';

const texts = z.optional(z.array(z.string()));
const bytes = z.optional(z.number());

/** Conditions, all of which an object has to meet; the event rule of a bucket has the same. */
export const uploadFilter = z.object({
  /** The key starts with one of these. */
  prefixes: texts,
  /** The key ends with one of these. */
  suffixes: texts,
  minBytes: bytes,
  maxBytes: bytes,
});

/** Which uploads are scanned. */
export type UploadFilter = z.infer<typeof uploadFilter>;

/** Whether an upload of this key and size, in bytes, is scanned. */
export function isScanned(
  { prefixes = [], suffixes = [], minBytes = 0, maxBytes = Number.POSITIVE_INFINITY }: UploadFilter,
  key: string,
  size: number,
): boolean {
  const begins = prefixes.length === 0 || prefixes.some((prefix) => key.startsWith(prefix));
  const ends = suffixes.length === 0 || suffixes.some((suffix) => key.endsWith(suffix));
  return begins && ends && size >= minBytes && size <= maxBytes;
}
