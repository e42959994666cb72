/** Finds out whether a list has another page, https://docs.virustotal.com/reference/collections. */
import * as z from 'zod/mini';
import { textOrNull, tolerant, whole } from './attributes.ts';

/** Fields beside the items of a page. */
export const more = {
  meta: tolerant(z.object({ cursor: textOrNull, count: whole })),
  links: tolerant(z.object({ next: textOrNull })),
};

/** The fields of a page that show whether it is the last one. */
interface Page {
  readonly data: readonly unknown[];
  readonly meta: { readonly cursor: string | null; readonly count: number | null } | null;
  readonly links: { readonly next: string | null } | null;
}

/**
 * Whether VirusTotal has more items: `meta.cursor` and `links.next` are both absent on the last page, and
 * `meta.count`, if present, counts all items.
 */
export function isCut({ data, meta, links }: Page): boolean {
  return Boolean(meta?.cursor || links?.next) || (meta?.count ?? 0) > data.length;
}
