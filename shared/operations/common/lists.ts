/** From pages of related objects to the lists of an output, with why a list is null and which are cut. */

import type { RelatedNames, RelatedObject, RelatedPage } from '../../virustotal/answers/index.ts';
import { toDate } from './dates.ts';
import { toOpinions } from './opinions.ts';
import type { RelatedFile, RelatedUrl, UnavailableReason } from './output-fields.ts';

/** A page of related objects, or why there is none. */
export type RelatedList = RelatedPage | { readonly unavailable: UnavailableReason };

/** Why the lists of an output are null, and which are cut. */
export interface ListState {
  readonly unavailable: Record<string, UnavailableReason>;
  readonly truncated: string[];
}

/** Whether an engine called the object malicious. */
export const isDetected = (object: RelatedObject): boolean => object.results.positives > 0;
/** Whether no engine called the object malicious. */
export const isUndetected = (object: RelatedObject): boolean => !isDetected(object);

/** The objects of a page that fit, each mapped; null when there is no page. */
export function toList<T>(
  list: RelatedList,
  fits: (object: RelatedObject) => boolean,
  map: (object: RelatedObject) => T[],
): T[] | null {
  return 'unavailable' in list ? null : list.objects.filter(fits).flatMap(map);
}

/** A file of a list. */
export function toRelatedFile({ id, lastAnalysisDate, results }: RelatedObject): RelatedFile[] {
  const { positives, total } = results;
  return [{ date: toDate(lastAnalysisDate), positives, total, sha256: id }];
}

/** A URL of a list; an item that does not tell its URL is left out. */
export function toRelatedUrl({ url, lastAnalysisDate, results }: RelatedObject): RelatedUrl[] {
  if (url === null) return [];
  return [{ url, ...toOpinions(results), scan_date: toDate(lastAnalysisDate) }];
}

/**
 * Says of every list by name why it is null or whether it is cut.
 *
 * @param lists - by the name of the output's field
 */
export function stateOf(
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
