/** CopyObject, and what UploadPartCopy shares with it. */
import { answerXml, element } from '../../xml.ts';
import { copySourceOf } from '../address.ts';
import {
  bucketOfCall,
  checkVersionId,
  type Headers,
  objectArn,
  readableVersion,
  type S3Call,
  setHeaders,
  versionHeader,
} from '../call.ts';
import { commit } from '../commit.ts';
import { copyConditionsOf, judgeRead } from '../conditions.ts';
import { preconditionFailed, refuse } from '../refusals.ts';
import { type Bucket, bucketOf, type ObjectVersion } from '../state.ts';
import { storedHeaders } from '../stored-headers.ts';
import { contentEncodingOf } from '../upload/read-upload.ts';
import { contentTypeOf, noteWrite } from './put-object.ts';

/** Where a copy comes from. */
export interface Source {
  readonly bucket: Bucket;
  readonly version: ObjectVersion;
  /** Whether the request named the version. */
  readonly isVersionNamed: boolean;
}

/** Copies an object, or a version of it. */
export async function copyObject(call: S3Call): Promise<void> {
  const { key, note, request, response, world } = call;
  const { headers } = request;
  const ownTags = noteWrite(call);
  const bucket = bucketOfCall(call);
  const source = sourceOf(call);
  const isItself = source.bucket === bucket && source.version.key === key && !source.isVersionNamed;
  const isHeaderCopy = directiveOf(call, 'x-amz-metadata-directive') === 'COPY';
  if (isItself && isHeaderCopy) throw copyOntoItself();
  const isTagCopy = directiveOf(call, 'x-amz-tagging-directive') === 'COPY';
  if (isTagCopy && source.version.tags.length > 0) {
    const read = source.isVersionNamed ? 's3:GetObjectVersionTagging' : 's3:GetObjectTagging';
    note(read, [objectArn(source.bucket.name, source.version.key)]);
    note('s3:PutObjectTagging', [objectArn(bucket.name, key)]);
  }
  const blob = world.engine.newBlob();
  const stored = storedHeaders(headers, contentEncodingOf(headers));
  const info = await world.engine.copy(source.version.blob, blob, stored);
  const contentType = isHeaderCopy ? source.version.contentType : contentTypeOf(call);
  const tags = isTagCopy ? source.version.tags : ownTags;
  const version = await commit(call, { ...info, blob, contentType, tags, reason: 'CopyObject' });
  setHeaders(call, { ...versionHeader(bucket, version), ...sourceHeader(source) });
  const result = element(
    'CopyObjectResult',
    element('ETag', version.etag),
    element('LastModified', version.modified.toISOString()),
  );
  answerXml(response, 200, result);
}

/** The object that a copy reads, noted; its conditions hold. */
export function sourceOf(call: S3Call): Source {
  const { note, request, world } = call;
  const address = copySourceOf(request.headers['x-amz-copy-source']?.toString() ?? '');
  const versionId = checkVersionId(address.versionId);
  const arn = objectArn(address.bucket, address.key);
  note(versionId ? 's3:GetObjectVersion' : 's3:GetObject', [arn]);
  const bucket = bucketOf(world.state, address.bucket);
  const version = readableVersion(call, bucket, address.key, versionId);
  if (judgeRead(copyConditionsOf(request.headers), version) === 'unmodified') {
    throw preconditionFailed();
  }
  return { bucket, version, isVersionNamed: versionId !== undefined };
}

/** Header that names the version that was copied. */
export function sourceHeader({ bucket, version }: Source): Headers {
  return bucket.versioning === undefined ? {} : { 'x-amz-copy-source-version-id': version.id };
}

function directiveOf({ request }: S3Call, header: string): 'COPY' | 'REPLACE' {
  const directive = request.headers[header] ?? 'COPY';
  if (directive === 'COPY' || directive === 'REPLACE') return directive;
  throw refuse('InvalidArgument', `Unknown ${header}.`);
}

function copyOntoItself() {
  const message =
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
  return refuse('InvalidRequest', message);
}
