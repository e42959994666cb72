/** PutObject, and what other writes share with it. */
import type { IncomingHttpHeaders } from 'node:http';
import { answerEmpty, bucketOf, objectArn, type S3Call, versionHeader } from '../call.ts';
import { commit } from '../commit.ts';
import type { Headers } from '../state.ts';
import { type Tag, tagsOfHeader } from '../tags.ts';
import { IncomingBody } from '../upload/incoming-body.ts';

export async function putObject(call: S3Call): Promise<void> {
  const { request, world } = call;
  const tags = noteWrite(call);
  const bucket = bucketOf(call);
  const body = new IncomingBody(request);
  const headers = keptHeaders(request.headers);
  const file = world.bytes.newFile();
  const version = await world.bytes.removeOnFailure(file, async () => {
    const stored = await world.bytes.write(file, 0, body.chunks());
    const parts = [{ ...stored, number: 1 }];
    const content = { ...stored, file, parts, headers, checksums: body.keptChecksums };
    return commit(call, content, tags, 'PutObject');
  });
  const { checksums, etag } = version.content;
  answerEmpty(call, 200, { ...checksums, ...versionHeader(bucket, version), etag });
}

/** Notes the permissions that a write needs, and reads the tags for the object. */
export function noteWrite({ bucket, key, note, request }: S3Call): readonly Tag[] {
  const resources = [objectArn(bucket, key)];
  note('s3:PutObject', resources);
  const tagging = request.headers['x-amz-tagging']?.toString();
  if (tagging) note('s3:PutObjectTagging', resources);
  return tagsOfHeader(tagging);
}

/** Headers of a request that S3 keeps with the object. */
export function keptHeaders(headers: IncomingHttpHeaders): Headers {
  // `aws-chunked` is about the transfer, not about the object.
  const encodings = (headers['content-encoding'] ?? '').split(',').map((name) => name.trim());
  const encoding = encodings.filter((name) => name !== '' && name !== 'aws-chunked').join(',');
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    KEPT.test(name) && value !== undefined ? [[name, value.toString()]] : [],
  );
  return {
    'content-type': 'binary/octet-stream',
    ...Object.fromEntries(kept),
    ...(encoding === '' ? {} : { 'content-encoding': encoding }),
  };
}

const KEPT = /^(?:x-amz-meta-.*|content-(?:type|disposition|language)|cache-control)$/;
