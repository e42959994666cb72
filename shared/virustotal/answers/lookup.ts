/** The answer to a lookup: the object, or why it is missing. */
export type Lookup<T> =
  | { readonly status: 'found'; readonly object: T }
  | { readonly status: 'unknown' }
  | { readonly status: 'not-available-yet' }
  /** The cache has no answer, and VirusTotal must not be asked. */
  | { readonly status: 'not-cached' };
