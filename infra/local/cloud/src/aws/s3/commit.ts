import { bucketOf, type ObjectCreated, type S3Call } from './call.ts';
import { judgeWrite } from './conditions.ts';
import {
  addVersion,
  type Content,
  findVersion,
  newVersionId,
  type ObjectVersion,
} from './state.ts';
import type { Tag } from './tags.ts';

/** Makes the sequencers of one process ascend. */
let sequence = 0;

/**
 * Makes content the newest version of the request's key. The conditions of the request are checked in
 * the same turn of the event loop, so that only one of several writers can win.
 *
 * @throws AwsRefusal when a condition does not hold
 */
export async function commit(
  call: S3Call,
  content: Content,
  tags: readonly Tag[],
  reason: ObjectCreated['reason'],
): Promise<ObjectVersion> {
  const { key, request, world } = call;
  const time = new Date(world.now());
  const bucket = bucketOf(call);
  judgeWrite(request.headers, findVersion(bucket, key));
  const version = { key, id: newVersionId(bucket), modified: time, content, tags };
  const replaced = addVersion(bucket, version);
  world.onObjectCreated({
    bucket: bucket.name,
    key,
    size: content.size,
    etag: content.etag.replaceAll('"', ''),
    versionId: bucket.versioning === undefined ? undefined : version.id,
    sequencer: nextSequencer(time),
    reason,
    requestId: String(call.response.getHeader('x-amz-request-id')),
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    time,
    traceHeader: request.headers['x-amzn-trace-id']?.toString(),
  });
  if (replaced?.content) await world.bytes.remove(replaced.content.file);
  return version;
}

function nextSequencer(time: Date): string {
  sequence += 1;
  const digits = (value: number, length: number) => value.toString(16).padStart(length, '0');
  return `${digits(time.getTime(), 12)}${digits(sequence, 8)}`.toUpperCase();
}
