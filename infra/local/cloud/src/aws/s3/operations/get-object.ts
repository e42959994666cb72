/** GetObject and HeadObject. */
import {
  answerEmpty,
  bucketOfCall,
  checkVersionId,
  type Headers,
  objectArn,
  readableVersion,
  type S3Call,
  versionHeader,
} from '../call.ts';
import { conditionsOf, judgeRead } from '../conditions.ts';
import { rangeOf } from '../range.ts';
import { refuse } from '../refusals.ts';

/** Answers an object or its headers. */
export function getObject(call: S3Call): void {
  const { key, note, query, request, response, world } = call;
  const versionId = checkVersionId(query.get('versionId'));
  note(versionId ? 's3:GetObjectVersion' : 's3:GetObject', [objectArn(call.bucket, key)]);
  const bucket = bucketOfCall(call);
  const version = readableVersion(call, bucket, key, versionId);
  const headers: Headers = {
    ...versionHeader(bucket, version),
    'content-type': version.contentType,
    'last-modified': version.modified.toUTCString(),
    'accept-ranges': 'bytes',
    ...(version.tags.length > 0 ? { 'x-amz-tagging-count': String(version.tags.length) } : {}),
  };
  if (judgeRead(conditionsOf(request.headers), version) === 'unmodified') {
    answerEmpty(call, 304, { ...headers, etag: version.etag });
    return;
  }
  const partNumber = query.get('partNumber');
  // A HEAD of a range is answered as of the whole, as RFC 9110, section 14.2, has it.
  const isWhole = partNumber !== null || request.method === 'HEAD';
  const range = isWhole ? 'whole' : rangeOf(request.headers.range, version.size);
  if (range === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${version.size}`);
    throw refuse('InvalidRange', 'The requested range is not satisfiable', 416);
  }
  const asked = {
    ...(range === 'whole' ? {} : { range: `bytes=${range.start}-${range.end}` }),
    'x-amz-checksum-mode': request.headers['x-amz-checksum-mode'],
  };
  const part = partNumber === null ? '' : `?partNumber=${Number(partNumber)}`;
  world.engine.serve(request, response, { path: version.blob + part, headers: asked }, headers);
}
