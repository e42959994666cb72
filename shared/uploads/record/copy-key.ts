/** The name of an object's copy in quarantine. */

import { digestOf } from './record-id.ts';
import type { VerdictDecision } from './verdict-event.ts';

/** Longest key of S3, bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;

/**
 * `<bucket>/<digest of the version>/<key>`: the same for the same version, another for each. Of a key that
 * would not fit, the end is cut off.
 */
export function copyKey({ bucket, key, version_id, etag, sequencer }: VerdictDecision['object']) {
  const version = digestOf([bucket, key, version_id, etag, sequencer]).slice(0, 32);
  const place = `${bucket}/${version}/`;
  return place + startOf(key, MAX_KEY_BYTES - Buffer.byteLength(place));
}

/** As many whole characters of a text as fit. */
function startOf(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const bytes = Buffer.from(text).subarray(0, maxBytes);
  // The decoder leaves out a character that is cut through, as more bytes of it could come.
  return new TextDecoder().decode(bytes, { stream: true });
}
