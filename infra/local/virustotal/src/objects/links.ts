/** Links between objects. They lead to this simulator, not to VirusTotal. */

/** Path of the API. */
export const API_PATH = '/api/v3';

/**
 * Address of an object.
 *
 * @param origin - of this simulator
 * @param segments - collection and id, or more
 */
export function linkTo(origin: string, ...segments: readonly string[]): string {
  return [origin + API_PATH, ...segments.map(encodeURIComponent)].join('/');
}
