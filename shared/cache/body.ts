/** Answers as the items of the cache hold them: JSON, gzip. */

const zlib = process.getBuiltinModule('node:zlib');

/** Largest body of an item, bytes; an item has 400 KB at most, with its names and other attributes. */
const MAX_BODY_BYTES = 390_000;

/** Largest JSON, bytes: no answer that was kept is longer. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;

/** Returns the body of an answer; null if an item cannot hold it. */
export function encodeAnswer(answer: unknown): Buffer | null {
  const body = zlib.gzipSync(JSON.stringify(answer));
  return body.length > MAX_BODY_BYTES ? null : body;
}

/**
 * Reads an answer that was kept under the same version of the schemas.
 *
 * @throws Error if it is damaged
 */
export function decodeAnswer<T>(body: Buffer): T {
  const answer: T = JSON.parse(
    zlib.gunzipSync(body, { maxOutputLength: MAX_JSON_BYTES }).toString(),
  );
  return answer;
}
