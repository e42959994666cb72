/** GetObject and HeadObject. */
import { pipeline } from 'node:stream/promises';
import {
  answerEmpty,
  bucketOf,
  checkVersionId,
  objectArn,
  readableVersion,
  type S3Call,
  setHeaders,
  versionHeader,
} from '../call.ts';
import { judgeRead } from '../conditions.ts';
import { type ByteRange, extentsOf, partRange, rangeOf } from '../range.ts';
import { refuse } from '../refusals.ts';
import type { Content, Headers } from '../state.ts';

/** Responds with an object or its headers. */
export async function getObject(call: S3Call): Promise<void> {
  const { key, note, query, request } = call;
  const versionId = checkVersionId(query.get('versionId'));
  note(versionId ? 's3:GetObjectVersion' : 's3:GetObject', [objectArn(call.bucket, key)]);
  const bucket = bucketOf(call);
  const version = readableVersion(call, bucket, key, versionId);
  const { content, modified, tags } = version;
  const headers: Headers = {
    ...content.headers,
    ...versionHeader(bucket, version),
    etag: content.etag,
    'last-modified': modified.toUTCString(),
    'accept-ranges': 'bytes',
    ...(tags.length > 0 ? { 'x-amz-tagging-count': String(tags.length) } : {}),
  };
  if (judgeRead(request.headers, version) === 'not modified') {
    answerEmpty(call, 304, headers);
  } else if (request.method === 'HEAD') {
    // A HEAD ignores the range, see RFC 9110, section 14.2.
    answerEmpty(call, 200, { ...headers, ...wholeHeaders(call, content) });
  } else {
    await answerContent(call, content, headers);
  }
}

async function answerContent(call: S3Call, content: Content, headers: Headers): Promise<void> {
  const { response, world } = call;
  const range = requestedRange(call, content);
  // Nothing is awaited since the version was found, so its file still exists.
  const bytes = await world.bytes.read(
    content.file,
    range ? extentsOf(content.parts, range) : content.parts,
  );
  const more = range ? rangeHeaders(call, content, range) : wholeHeaders(call, content);
  response.writeHead(range ? 206 : 200, { ...headers, ...more });
  await pipeline(bytes, response);
}

function wholeHeaders({ request }: S3Call, { checksums, size }: Content): Headers {
  const mode = request.headers['x-amz-checksum-mode']?.toString().toUpperCase();
  return { 'content-length': String(size), ...(mode === 'ENABLED' ? checksums : {}) };
}

function rangeHeaders(
  { query }: S3Call,
  { parts, size }: Content,
  { end, start }: ByteRange,
): Headers {
  return {
    'content-length': String(end - start + 1),
    'content-range': `bytes ${start}-${end}/${size}`,
    ...(query.has('partNumber') ? { 'x-amz-mp-parts-count': String(parts.length) } : {}),
  };
}

/**
 * @returns undefined for the whole object
 * @throws AwsRefusal `InvalidRange`, `InvalidPartNumber`
 */
function requestedRange(call: S3Call, { parts, size }: Content): ByteRange | undefined {
  const partNumber = call.query.get('partNumber');
  if (partNumber !== null) return partRange(parts, Number(partNumber));
  const range = rangeOf(call.request.headers.range, size);
  if (range !== 'unsatisfiable') return range;
  setHeaders(call, { 'content-range': `bytes */${size}` });
  throw refuse('InvalidRange', 'The requested range is not satisfiable', 416);
}
