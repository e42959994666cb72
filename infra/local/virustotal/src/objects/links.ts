/** Links between objects, at this simulator. */

export const API_PATH = '/api/v3';

/**
 * Returns the URL of an object.
 *
 * @param origin - of this simulator
 * @param segments - collection and id, or more
 */
export function linkTo(origin: string, ...segments: readonly string[]): string {
  return [origin + API_PATH, ...segments.map(encodeURIComponent)].join('/');
}

/** Names of the collections in paths, by kind of object. */
export const collections = {
  file: 'files',
  url: 'urls',
  ip_address: 'ip_addresses',
  domain: 'domains',
  analysis: 'analyses',
} as const;
