/** One page of a listing. */

/** What is listed, in the order of the listing. */
export interface Listed {
  readonly key: string;
}

/** What to list. */
export interface PageRequest<T extends Listed> {
  readonly prefix: string;
  /** Keys that hold it after the prefix are rolled up. */
  readonly delimiter: string;
  /** Items and rolled-up prefixes together. */
  readonly limit: number;
  /** Whether the listing begins after this item. */
  readonly isBefore: (item: T) => boolean;
  /** Key or rolled-up prefix at which the page before ended. */
  readonly after: string;
}

/** A page. */
export interface Page<T extends Listed> {
  readonly items: readonly T[];
  /** Rolled-up prefixes. */
  readonly prefixes: readonly string[];
  /** The last item or rolled-up prefix when there is more, else undefined. */
  readonly last: T | string | undefined;
}

/** Order of keys in listings: bytes of UTF-8. */
export function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** Takes a page out of a sorted listing. */
export function pageOf<T extends Listed>(all: Iterable<T>, request: PageRequest<T>): Page<T> {
  const { prefix, limit, isBefore, after } = request;
  const items: T[] = [];
  const prefixes: string[] = [];
  let last: T | string | undefined;
  for (const item of all) {
    if (!item.key.startsWith(prefix) || isBefore(item)) continue;
    const rolledUp = rolledUpPrefix(item.key, request);
    if (rolledUp !== undefined && (rolledUp === after || rolledUp === prefixes.at(-1))) continue;
    if (items.length + prefixes.length >= limit) return { items, prefixes, last };
    if (rolledUp === undefined) items.push(item);
    else prefixes.push(rolledUp);
    last = rolledUp ?? item;
  }
  return { items, prefixes, last: undefined };
}

function rolledUpPrefix(
  key: string,
  { prefix, delimiter }: { readonly prefix: string; readonly delimiter: string },
): string | undefined {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
