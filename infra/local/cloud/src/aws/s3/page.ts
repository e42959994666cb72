/** Pages of listings. */

/** An entry of a listing: a version of a key. */
export interface Entry {
  readonly key: string;
  readonly id: string;
}

/** Which entries a listing shows. */
export interface Selection {
  readonly prefix: string;
  /** Keys that contain it after the prefix are grouped; empty: none are. */
  readonly delimiter: string;
  /** Most items and groups together. */
  readonly limit: number;
}

/** One page. */
export interface Page<T extends Entry> {
  readonly items: readonly T[];
  /** Common prefixes of grouped keys. */
  readonly groups: readonly string[];
  /** The last item or group if there are more, else undefined. */
  readonly last: { readonly key: string; readonly id?: string } | undefined;
}

/** Orders keys as listings do: by their UTF-8 bytes. */
export function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/**
 * Takes a page from a sorted listing.
 *
 * @param after - key or group at which the page before ended; empty for the first page
 * @param afterId - id of the version at which it ended
 */
export function pageOf<T extends Entry>(
  all: readonly T[],
  { delimiter, limit, prefix }: Selection,
  after: string,
  afterId?: string,
): Page<T> {
  const items: T[] = [];
  const groups: string[] = [];
  let last: Page<T>['last'];
  const marker = all.findIndex(({ id, key }) => key === after && id === afterId);
  const rest =
    marker < 0 ? all.filter(({ key }) => compareKeys(key, after) > 0) : all.slice(marker + 1);
  for (const item of rest.filter(({ key }) => key.startsWith(prefix))) {
    const at = delimiter === '' ? -1 : item.key.indexOf(delimiter, prefix.length);
    const group = at < 0 ? undefined : item.key.slice(0, at + delimiter.length);
    if (group !== undefined && (group === after || group === groups.at(-1))) continue;
    if (items.length + groups.length >= limit) return { items, groups, last };
    if (group === undefined) items.push(item);
    else groups.push(group);
    last = group === undefined ? item : { key: group };
  }
  return { items, groups, last: undefined };
}
