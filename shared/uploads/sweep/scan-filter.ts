/** Which uploads are scanned. A sweep scans no others, because the rest may be confidential. */
import * as z from 'zod/mini';

/** Which uploads are scanned: those that meet every condition. The event rule of a bucket has the same. */
export interface ScanFilter {
  /** The key starts with one of these. @default - any key */
  readonly prefixes?: readonly string[] | undefined;
  /** The key ends with one of these. @default - any key */
  readonly suffixes?: readonly string[] | undefined;
  /** Smallest object, bytes. @default - any size */
  readonly minBytes?: number | undefined;
  /** Largest object, bytes. @default - any size; the outcome of objects over 650 MiB is `skipped` */
  readonly maxBytes?: number | undefined;
}

const texts = z.optional(z.array(z.string()));
const bytes = z.optional(z.number());

/** The conditions as JSON. */
export const scanFilter: z.ZodMiniType<ScanFilter> = z.object({
  prefixes: texts,
  suffixes: texts,
  minBytes: bytes,
  maxBytes: bytes,
});

/** Whether an upload of this key and size, in bytes, is scanned. */
export function isScanned(
  { prefixes = [], suffixes = [], minBytes = 0, maxBytes = Number.POSITIVE_INFINITY }: ScanFilter,
  key: string,
  size: number,
): boolean {
  const begins = prefixes.length === 0 || prefixes.some((prefix) => key.startsWith(prefix));
  const ends = suffixes.length === 0 || suffixes.some((suffix) => key.endsWith(suffix));
  return begins && ends && size >= minBytes && size <= maxBytes;
}
