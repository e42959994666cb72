/** Dates in the format of VirusTotal's API v2. */

/**
 * Returns an epoch as `YYYY-MM-DD HH:MM:SS` in UTC.
 *
 * @param epoch - epoch seconds up to the year 9999, or null when unknown
 */
export function toDate(epoch: number | null): string | null {
  return epoch === null
    ? null
    : new Date(epoch * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
