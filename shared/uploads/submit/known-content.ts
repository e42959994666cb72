/** What an attempt that failed has read of an object, so that the next one need not read it again. */
import * as z from 'zod/mini';
import { parseJson } from '../../schema/parse-json.ts';
import type { UploadedObject } from '../events/uploaded-object.ts';
import { objectDigest } from '../state/object-ids.ts';
import type { Digests } from './digests.ts';

/** Size and digests of an object that was read to its end. */
export interface KnownContent {
  /** Bytes. */
  readonly size: number;
  readonly digests: Digests;
}

/** As the claim keeps it. */
const keptContent = z.object({
  /** Digest of the object version, or of the upload. */
  object: z.string(),
  size: z.int(),
  digests: z.object({ md5: z.string(), sha1: z.string(), sha256: z.string() }),
});

/** Returns the text that a claim keeps; undefined if nothing is known. */
export function toKeptContent(
  content: KnownContent | null,
  object: UploadedObject,
): string | undefined {
  return content ? JSON.stringify({ ...content, object: objectDigest(object) }) : undefined;
}

/** Reads what a claim has kept; null if it is of another upload of the same content, or not understood. */
export function fromKeptContent(kept: string | null, object: UploadedObject): KnownContent | null {
  const { success, data } = keptContent.safeParse(parseJson(kept ?? ''));
  return success && data.object === objectDigest(object) ? data : null;
}
