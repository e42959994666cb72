/** Byte ranges of objects. */
import type { Extent } from './byte-store.ts';
import { refuse } from './refusals.ts';
import type { Part } from './state.ts';

/** First and last byte, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a `Range` header as S3 does.
 *
 * @param size - of the object, bytes
 * @returns undefined for the whole object: without a header, and for several or malformed ranges
 */
export function rangeOf(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  // `bytes=-n` is the last n bytes.
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(first) > Number(last)) return undefined;
  return start > end || start >= size ? 'unsatisfiable' : { start, end };
}

/**
 * The range of one part.
 *
 * @returns undefined for an empty object
 * @throws AwsRefusal `InvalidPartNumber`
 */
export function partRange(parts: readonly Part[], number: number): ByteRange | undefined {
  const index = parts.findIndex((part) => part.number === number);
  const part = parts[index];
  if (!part) {
    throw refuse('InvalidPartNumber', 'The requested partnumber is not satisfiable', 416);
  }
  if (part.size === 0) return undefined;
  const start = parts.slice(0, index).reduce((sum, { size }) => sum + size, 0);
  return { start, end: start + part.size - 1 };
}

/** Where the bytes of a range are, given the extents of the whole object in order. */
export function extentsOf(whole: readonly Extent[], { start, end }: ByteRange): Extent[] {
  let position = 0;
  return whole.flatMap(({ offset, size }) => {
    const skipped = Math.max(0, start - position);
    const length = Math.min(size, end + 1 - position) - skipped;
    position += size;
    return length > 0 ? [{ offset: offset + skipped, size: length }] : [];
  });
}
