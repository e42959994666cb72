/**
 * Moves a malicious object to the quarantine bucket: it is copied, with metadata and tags, the copy is read
 * and compared with what was scanned, and only then is the original deleted.
 *
 * The copy's name is the same whenever this is repeated, so that there is one copy, and a copy that is
 * there is not made again. What is deleted is the version that was scanned; without versions, only what
 * still has its ETag.
 */
import { createHash } from 'node:crypto';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { ConnectorError } from '../../errors.ts';
import { type Limits, signalFor } from '../../limits.ts';
import { ObjectChangedError, translateS3Error } from '../submit/s3-errors.ts';
import { openObject } from '../submit/s3-object.ts';
import { isVersion } from '../submit/uploaded-version.ts';
import { copyKey } from './copy-key.ts';
import { refusalOf, translateWriteError } from './s3-writes.ts';
import type { QuarantineResult, VerdictDecision } from './verdict-event.ts';

/** Where malicious objects go. */
export interface QuarantineServices {
  /** Made with `responseChecksumValidation: 'WHEN_REQUIRED'`: the digest is computed anyway. */
  readonly s3: S3Client;
  readonly quarantineBucket: string;
}

/**
 * Moves an object; what the object or a bucket does not allow is a result and no failure.
 *
 * @throws UpstreamUnavailableError, UpstreamTimeoutError: then it is as it was, or copied, or moved
 */
export async function quarantineObject(
  { s3, quarantineBucket }: QuarantineServices,
  decision: VerdictDecision,
  limits: Limits,
): Promise<QuarantineResult> {
  const copy = { bucket: quarantineBucket, key: copyKey(decision.object) };
  try {
    if (!(await exists(s3, copy, limits))) await makeCopy(s3, decision.object, copy, limits);
  } catch (error) {
    return withoutCopy(error);
  }
  const difference = await compare(s3, copy, decision, limits);
  if (difference) return { status: 'failed', copy, reason: difference };
  return { ...(await removeOriginal(s3, decision.object, limits)), copy };
}

type Place = Pick<VerdictDecision['object'], 'bucket' | 'key'>;
type Original = VerdictDecision['object'];

/** What it means that there is no copy. @throws the error, when a repetition can heal it */
function withoutCopy(error: unknown): QuarantineResult {
  if (!(error instanceof ConnectorError)) throw error;
  const { name, message: reason } = error;
  if (error instanceof ObjectChangedError) return { status: 'changed', copy: null, reason };
  if (error.retryable) throw error;
  return { status: name === 'ObjectNotFoundError' ? 'gone' : 'failed', copy: null, reason };
}

async function exists(s3: S3Client, copy: Place, limits: Limits): Promise<boolean> {
  const abortSignal = signalFor(limits);
  try {
    await s3.send(new HeadObjectCommand({ Bucket: copy.bucket, Key: copy.key }), { abortSignal });
    return true;
  } catch (error) {
    if (refusalOf(error) === 'gone') return false;
    throw translateS3Error(error, copy, abortSignal);
  }
}

async function makeCopy(
  s3: S3Client,
  original: Original,
  copy: Place,
  limits: Limits,
): Promise<void> {
  const abortSignal = signalFor(limits);
  const { bucket, key, version_id, etag } = original;
  const path = [bucket, ...key.split('/')].map(encodeURIComponent).join('/');
  const input = {
    Bucket: copy.bucket,
    Key: copy.key,
    CopySource: version_id === null ? path : `${path}?versionId=${version_id}`,
    CopySourceIfMatch: isVersion(version_id) || etag === null ? undefined : `"${etag}"`,
  };
  await s3.send(new CopyObjectCommand(input), { abortSignal }).catch((error: unknown) => {
    const address = { bucket, key, versionId: version_id ?? undefined };
    throw translateS3Error(error, address, abortSignal);
  });
}

/** @returns how the copy differs from what was scanned; null when it does not */
async function compare(
  s3: S3Client,
  copy: Place,
  { digests, object }: VerdictDecision,
  limits: Limits,
): Promise<string | null> {
  if (digests.sha256 === null) return 'the digest of what was scanned is not known';
  const opened = await openObject(s3, copy, limits);
  const hash = createHash('sha256');
  for await (const chunk of opened.body) hash.update(chunk);
  const isSame = hash.digest('hex') === digests.sha256;
  const isAsLong = object.size === null || opened.size === object.size;
  return isSame && isAsLong ? null : 'the copy is not what was scanned';
}

async function removeOriginal(
  s3: S3Client,
  { bucket, key, version_id, etag }: Original,
  limits: Limits,
): Promise<Pick<QuarantineResult, 'status' | 'reason'>> {
  const abortSignal = signalFor(limits);
  const isPinned = isVersion(version_id);
  if (!isPinned && etag === null) {
    return { status: 'copied', reason: 'its ETag is not known, so that another could be deleted' };
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
    if (refusal === 'changed') return { status: 'changed', reason: 'another object is there now' };
    if (refusal === 'denied') return { status: 'copied', reason: 'S3 refused to delete it' };
    throw translateWriteError(error, 'the original could not be deleted', abortSignal);
  }
}
