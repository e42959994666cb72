/**
 * Tags an object with its verdict, on the version that was scanned.
 *
 * S3 can only replace all tags of an object: tags that others write between our read and our write are lost.
 * In a bucket without versions, the object itself can be replaced: its ETag is compared before and after. One
 * window remains: an object that is replaced after the first comparison has our tags until the second one
 * removes them.
 */
import {
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { refusalOf, translateWriteError } from '../../aws/s3/s3-errors.ts';
import { type Limits, signalFor } from '../../limits.ts';
import { isVersion } from '../events/uploaded-object.ts';
import { mergeTags, type Tag, tagsOf, withoutTags } from './tags.ts';
import type { TagsResult, VerdictDecision } from './verdict-event.ts';

/**
 * Tags an object. A refusal by S3 because of the object or its bucket is a result, not an error.
 *
 * @throws UpstreamUnavailableError, UpstreamTimeoutError
 */
export async function tagObject(
  s3: S3Client,
  decision: VerdictDecision,
  limits: Limits,
): Promise<TagsResult> {
  const abortSignal = signalFor(limits);
  const tagging = objectTagging(s3, decision.object, abortSignal);
  try {
    return await writeTags(tagging, tagsOf(decision));
  } catch (error) {
    const status = refusalOf(error);
    if (status) return { status, written: [], left_out: [] };
    throw translateWriteError(error, 'tag the object', abortSignal);
  }
}

async function writeTags(tagging: ObjectTagging, ours: readonly Tag[]): Promise<TagsResult> {
  const changed: TagsResult = { status: 'changed', written: [], left_out: [] };
  if (!(await tagging.isUnchanged())) return changed;
  const present = await tagging.read();
  const { tags, written, leftOut } = mergeTags(present, ours);
  await tagging.write(tags);
  if (!(await tagging.isUnchanged())) {
    await tagging.write(withoutTags(await tagging.read(), ours));
    return changed;
  }
  const status = leftOut.length === 0 ? 'written' : written.length === 0 ? 'no-room' : 'partly';
  return { status, written: [...written], left_out: [...leftOut] };
}

type ObjectTagging = ReturnType<typeof objectTagging>;

/** The tagging requests of one object. */
function objectTagging(
  s3: S3Client,
  { bucket, key, version_id, etag }: VerdictDecision['object'],
  abortSignal: AbortSignal,
) {
  const address = { Bucket: bucket, Key: key, VersionId: version_id ?? undefined };
  return {
    /** A version cannot change; an unknown ETag cannot be compared. */
    async isUnchanged(): Promise<boolean> {
      if (isVersion(version_id) || etag === null) return true;
      const { ETag } = await s3.send(new HeadObjectCommand(address), { abortSignal });
      return ETag === `"${etag}"`;
    },
    async read(): Promise<readonly Tag[]> {
      const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand(address), { abortSignal });
      return TagSet.map(({ Key = '', Value = '' }) => ({ Key, Value }));
    },
    async write(tags: readonly Tag[]): Promise<void> {
      const Tagging = { TagSet: tags.map((tag) => ({ ...tag })) };
      await s3.send(new PutObjectTaggingCommand({ ...address, Tagging }), { abortSignal });
    },
  };
}
