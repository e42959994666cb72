/** What a lookup at VirusTotal can answer. */

/** The object, or why VirusTotal returned none. */
export type Lookup<T> =
  | { readonly status: 'found'; readonly object: T }
  | { readonly status: 'unknown' }
  | { readonly status: 'not-available-yet' };

/** What to make of each answer to a lookup. */
export interface LookupCases<T, R> {
  found(object: T): R;
  /** VirusTotal does not know the object. */
  unknown(): R;
  /** VirusTotal knows the object, and its report is not available yet. */
  running(): R;
}

/** Handles every answer that a lookup can have. */
export function matchLookup<T, R>(lookup: Lookup<T>, cases: LookupCases<T, R>): R {
  if (lookup.status === 'found') return cases.found(lookup.object);
  return lookup.status === 'unknown' ? cases.unknown() : cases.running();
}
