/**
 * Moves a malicious object to the quarantine bucket: copies it with metadata and tags, reads the copy and
 * compares it with what was scanned, and only then deletes the original.
 *
 * Retries use the same key, so there is one copy, and an existing copy is not written again. Only the scanned
 * version is deleted; in a bucket without versions, only an object that still has the scanned ETag.
 */
import { createHash } from 'node:crypto';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import {
  ObjectChangedError,
  refusalOf,
  translateReadError,
  translateWriteError,
} from '../../aws/s3/s3-errors.ts';
import { openObject } from '../../aws/s3/s3-object.ts';
import { ConnectorError } from '../../errors.ts';
import { type Limits, signalFor } from '../../limits.ts';
import { sha256OfJson } from '../../sha256.ts';
import { isVersion } from '../events/uploaded-object.ts';
import type { QuarantineResult, VerdictDecision } from './verdict-event.ts';

/** What the quarantine needs. */
export interface QuarantineServices {
  readonly s3: S3Client;
  readonly quarantineBucket: string;
}

/**
 * Moves an object. A refusal by S3 because of the object or a bucket is a result, not an error.
 *
 * @throws UpstreamUnavailableError, UpstreamTimeoutError: the object is unchanged, copied or moved
 */
export async function quarantineObject(
  { s3, quarantineBucket }: QuarantineServices,
  decision: VerdictDecision,
  limits: Limits,
): Promise<QuarantineResult> {
  const copy = { bucket: quarantineBucket, key: copyKey(decision.object) };
  try {
    if (!(await exists(s3, copy, limits))) await writeCopy(s3, decision.object, copy, limits);
  } catch (error) {
    return resultWithoutCopy(error);
  }
  const difference = await findDifference(s3, copy, decision, limits);
  if (difference) return { status: 'failed', copy, reason: difference };
  return { ...(await deleteOriginal(s3, decision.object, limits)), copy };
}

type ScannedObject = VerdictDecision['object'];
type CopyAddress = Pick<ScannedObject, 'bucket' | 'key'>;

/** Longest key of S3, bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;

/**
 * Returns the key of an object's copy, `<bucket>/<digest of the version>/<key>`: the same for the same
 * version, different for every other. The end of a key that is too long is cut off.
 */
export function copyKey({ bucket, key, version_id, etag, sequencer }: ScannedObject): string {
  const version = sha256OfJson([bucket, key, version_id, etag, sequencer]).slice(0, 32);
  const prefix = `${bucket}/${version}/`;
  const bytes = Buffer.from(key).subarray(0, MAX_KEY_BYTES - Buffer.byteLength(prefix));
  // With `stream`, the decoder leaves out a character that is cut in two.
  return prefix + new TextDecoder().decode(bytes, { stream: true });
}

/** Returns the result if there is no copy. @throws the error if a retry can get past it */
function resultWithoutCopy(error: unknown): QuarantineResult {
  if (!(error instanceof ConnectorError)) throw error;
  const { name, message: reason } = error;
  if (error instanceof ObjectChangedError) return { status: 'changed', copy: null, reason };
  if (error.retryable) throw error;
  return { status: name === 'ObjectNotFoundError' ? 'gone' : 'failed', copy: null, reason };
}

async function exists(s3: S3Client, copy: CopyAddress, limits: Limits): Promise<boolean> {
  const abortSignal = signalFor(limits);
  try {
    await s3.send(new HeadObjectCommand({ Bucket: copy.bucket, Key: copy.key }), { abortSignal });
    return true;
  } catch (error) {
    if (refusalOf(error) === 'gone') return false;
    throw translateReadError(error, copy, abortSignal);
  }
}

async function writeCopy(
  s3: S3Client,
  { bucket, key, version_id, etag }: ScannedObject,
  copy: CopyAddress,
  limits: Limits,
): Promise<void> {
  const abortSignal = signalFor(limits);
  const path = [bucket, ...key.split('/')].map(encodeURIComponent).join('/');
  const input = {
    Bucket: copy.bucket,
    Key: copy.key,
    CopySource: version_id === null ? path : `${path}?versionId=${version_id}`,
    CopySourceIfMatch: isVersion(version_id) || etag === null ? undefined : `"${etag}"`,
  };
  await s3.send(new CopyObjectCommand(input), { abortSignal }).catch((error: unknown) => {
    const address = { bucket, key, versionId: version_id ?? undefined };
    throw translateReadError(error, address, abortSignal);
  });
}

/** Returns how the copy differs from what was scanned; null if it does not. */
async function findDifference(
  s3: S3Client,
  copy: CopyAddress,
  { digests, object }: VerdictDecision,
  limits: Limits,
): Promise<string | null> {
  if (digests.sha256 === null) return 'the digest of the scanned object is unknown';
  const opened = await openObject(s3, copy, limits);
  const hash = createHash('sha256');
  for await (const chunk of opened.body) hash.update(chunk);
  const isSame = hash.digest('hex') === digests.sha256;
  const isSameSize = object.size === null || opened.size === object.size;
  return isSame && isSameSize ? null : 'the copy differs from the scanned object';
}

async function deleteOriginal(
  s3: S3Client,
  { bucket, key, version_id, etag }: ScannedObject,
  limits: Limits,
): Promise<Pick<QuarantineResult, 'status' | 'reason'>> {
  const abortSignal = signalFor(limits);
  const isPinned = isVersion(version_id);
  if (!isPinned && etag === null) {
    return { status: 'copied', reason: 'its ETag is unknown, so another object could be deleted' };
  }
  const address = { Bucket: bucket, Key: key, VersionId: version_id ?? undefined };
  const input = { ...address, IfMatch: isPinned ? undefined : `"${etag}"` };
  try {
    await s3.send(new DeleteObjectCommand(input), { abortSignal });
    return { status: 'quarantined', reason: null };
  } catch (error) {
    const refusal = refusalOf(error);
    // An earlier attempt has deleted it.
    if (refusal === 'gone') return { status: 'quarantined', reason: null };
    if (refusal === 'changed') return { status: 'changed', reason: 'the object was replaced' };
    if (refusal === 'denied') return { status: 'copied', reason: 'S3 refused to delete it' };
    throw translateWriteError(error, 'delete the original', abortSignal);
  }
}
