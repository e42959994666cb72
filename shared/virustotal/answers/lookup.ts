/** The answer to a lookup at VirusTotal: the object, or why VirusTotal returned none. */
export type Lookup<T> =
  | { readonly status: 'found'; readonly object: T }
  | { readonly status: 'unknown' }
  | { readonly status: 'not-available-yet' };
