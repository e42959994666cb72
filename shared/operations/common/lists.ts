/** Maps pages of related objects to the lists of an output, and explains which are null or cut. */

import type { RelatedNames, RelatedObject, RelatedPage } from '../../virustotal/answers/index.ts';
import type { RelatedFile, RelatedUrl, UnavailableReason } from './output-fields.ts';
import { toDate, toOpinions } from './output-values.ts';

/** A page of related objects, or the reason why it is missing. */
export type RelatedList = RelatedPage | { readonly unavailable: UnavailableReason };

/** The output fields that explain its lists: which are null and why, and which are cut. */
export interface ListState {
  readonly unavailable: Record<string, UnavailableReason>;
  readonly truncated: string[];
}

/** Returns whether any engine calls the object malicious. */
export const isDetected = (object: RelatedObject): boolean => object.results.positives > 0;
/** Returns whether no engine calls the object malicious. */
export const isUndetected = (object: RelatedObject): boolean => !isDetected(object);

/** Maps the objects of a page that pass the filter; null when there is no page. */
export function toList<T>(
  list: RelatedList,
  filter: (object: RelatedObject) => boolean,
  map: (object: RelatedObject) => T[],
): T[] | null {
  return 'unavailable' in list ? null : list.objects.filter(filter).flatMap(map);
}

/** Maps a file of a list. */
export function toRelatedFile({ id, lastAnalysisDate, results }: RelatedObject): RelatedFile[] {
  const { positives, total } = results;
  return [{ date: toDate(lastAnalysisDate), positives, total, sha256: id }];
}

/** Maps a URL of a list; an object without its URL is left out. */
export function toRelatedUrl({ url, lastAnalysisDate, results }: RelatedObject): RelatedUrl[] {
  if (url === null) return [];
  return [{ url, ...toOpinions(results), scan_date: toDate(lastAnalysisDate) }];
}

/**
 * Returns why lists are null, and which are cut.
 *
 * @param lists - by output field
 */
export function listState(
  lists: Readonly<Record<string, RelatedList | RelatedNames | readonly string[] | null>>,
): ListState {
  const unavailable: Record<string, UnavailableReason> = {};
  const truncated: string[] = [];
  for (const [name, list] of Object.entries(lists)) {
    if (list === null) unavailable[name] = 'absent';
    else if ('unavailable' in list) unavailable[name] = list.unavailable;
    else if ('isCut' in list && list.isCut) truncated.push(name);
  }
  return { unavailable, truncated };
}
