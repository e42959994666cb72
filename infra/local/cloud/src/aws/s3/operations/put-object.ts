/** PutObject. */
import { answerEmpty, bucketOfCall, objectArn, type S3Call, versionHeader } from '../call.ts';
import { commit } from '../commit.ts';
import { storedHeaders } from '../stored-headers.ts';
import { type Tag, tagsOfHeader } from '../tags.ts';
import { contentEncodingOf, readUpload } from '../upload/read-upload.ts';

/** Writes an object. */
export async function putObject(call: S3Call): Promise<void> {
  const { request, world } = call;
  const tags = noteWrite(call);
  const bucket = bucketOfCall(call);
  const { bytes, checksums } = await readUpload(request);
  const blob = world.engine.newBlob();
  const stored = storedHeaders(request.headers, contentEncodingOf(request.headers));
  const info = await world.engine.put(blob, { ...stored, ...checksums }, bytes);
  const version = await commit(call, {
    ...info,
    blob,
    contentType: contentTypeOf(call),
    tags,
    reason: 'PutObject',
  });
  answerEmpty(call, 200, { ...checksums, ...versionHeader(bucket, version), etag: version.etag });
}

/** The content type that an object is to have: S3's default when none is said. */
export function contentTypeOf({ request }: S3Call): string {
  return request.headers['content-type'] ?? 'binary/octet-stream';
}

/** Notes what writing an object needs, and reads the tags that it is to have. */
export function noteWrite({ bucket, key, note, request }: S3Call): readonly Tag[] {
  const resources = [objectArn(bucket, key)];
  note('s3:PutObject', resources);
  const tagging = request.headers['x-amz-tagging']?.toString();
  if (tagging) note('s3:PutObjectTagging', resources);
  return tagsOfHeader(tagging);
}
