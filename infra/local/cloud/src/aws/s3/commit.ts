/** Makes a blob the newest version of a key. */

import { bucketOfCall, type ObjectCreated, type S3Call } from './call.ts';
import { judgeWrite } from './conditions.ts';
import type { BlobInfo } from './engine.ts';
import { addVersion, newest, newVersionId, type Version } from './state.ts';
import type { Tag } from './tags.ts';

/** What becomes an object. */
export interface NewObject extends BlobInfo {
  readonly blob: string;
  readonly contentType: string;
  readonly tags: readonly Tag[];
  readonly reason: ObjectCreated['reason'];
}

/** Makes sequencers of one process ascend. */
let sequence = 0;

/**
 * Makes a blob the newest version, at once: conditions of the request are judged in the same turn of
 * the event loop.
 *
 * @throws AwsRefusal when a condition does not hold; the blob is forgotten then
 */
export async function commit(call: S3Call, object: NewObject): Promise<Version> {
  const { key, request, world } = call;
  const { reason, ...stored } = object;
  const time = new Date(world.now());
  try {
    judgeWrite(request.headers, newest(bucketOfCall(call), key));
  } catch (error) {
    await world.engine.remove(object.blob);
    throw error;
  }
  const bucket = bucketOfCall(call);
  const version: Version = { ...stored, key, id: newVersionId(bucket), modified: time };
  const replaced = addVersion(bucket, version);
  world.onObjectCreated({
    bucket: bucket.name,
    key,
    size: object.size,
    etag: object.etag.replaceAll('"', ''),
    versionId: bucket.versioning === undefined ? undefined : version.id,
    sequencer: nextSequencer(time),
    reason,
    requestId: String(call.response.getHeader('x-amz-request-id')),
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    time,
  });
  if (replaced?.blob) await world.engine.remove(replaced.blob);
  return version;
}

function nextSequencer(time: Date): string {
  sequence += 1;
  const digits = (value: number, length: number) => value.toString(16).padStart(length, '0');
  return `${digits(time.getTime(), 12)}${digits(sequence, 8)}`.toUpperCase();
}
