/** Pagination of lists. */
import { refuse } from '../http/answer.ts';

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 40;

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Cursor of the next page; absent on the last page. */
  readonly cursor?: string;
}

/**
 * Returns the requested page of a list.
 *
 * @param query - `limit` (1 to 40, 10 by default) and `cursor`
 * @throws Refusal for any other limit or cursor
 */
export function pageOf<T>(list: readonly T[], query: URLSearchParams): Page<T> {
  return cut(list, startOf(query.get('cursor')), limitOf(query));
}

/** Returns part of a list as a page. */
export function cut<T>(list: readonly T[], start: number, limit: number): Page<T> {
  const items = list.slice(start, start + limit);
  const end = start + limit;
  return end < list.length ? { items, cursor: cursorAt(end) } : { items };
}

/** Returns the page size. @throws Refusal */
export function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw refuse('InvalidArgumentError', `Limit must be between 1 and ${MAX_LIMIT}`);
  }
  return limit;
}

/** Has the form of recorded cursors; clients must encode its `=` in a query. */
function cursorAt(start: number): string {
  return Buffer.from(`I${start}\n.`).toString('base64');
}

function startOf(cursor: string | null): number {
  if (cursor === null) return 0;
  const start = /^I([0-9]+)\n/.exec(Buffer.from(cursor, 'base64').toString('latin1'))?.[1];
  if (start === undefined) throw refuse('InvalidArgumentError', 'Invalid cursor');
  return Number(start);
}
