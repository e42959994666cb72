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
