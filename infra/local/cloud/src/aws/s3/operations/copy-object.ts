/** CopyObject, and what UploadPartCopy shares with it. */
import { answerXml, element } from '../../http/xml.ts';
import { copySourceOf } from '../address.ts';
import {
  bucketOf,
  checkVersionId,
  objectArn,
  readableVersion,
  type S3Call,
  setHeaders,
  versionHeader,
} from '../call.ts';
import { commit } from '../commit.ts';
import { judgeRead } from '../conditions.ts';
import { preconditionFailed, refuse } from '../refusals.ts';
import type { Bucket, Content, Headers, ObjectVersion } from '../state.ts';
import {
  checksumElements,
  checksumHeaderOf,
  finishChecksum,
  isKeptChecksum,
  startChecksum,
  wholeChecksum,
} from '../upload/checksums.ts';
import { keptHeaders, noteWrite } from './put-object.ts';

/** The object that a copy reads. */
export interface Source {
  readonly bucket: Bucket;
  readonly version: ObjectVersion;
  /** Whether the request contains the version id. */
  readonly isVersionNamed: boolean;
}

export async function copyObject(call: S3Call): Promise<void> {
  const { key, request, response, world } = call;
  const ownTags = noteWrite(call);
  const bucket = bucketOf(call);
  const source = sourceOf(call);
  const original = source.version.content;
  const copiesHeaders = isCopied(call, 'x-amz-metadata-directive');
  const isItself = source.bucket === bucket && source.version.key === key && !source.isVersionNamed;
  if (isItself && copiesHeaders) throw copyOntoItself();
  const tags = isCopied(call, 'x-amz-tagging-directive') ? copiedTags(call, source) : ownTags;
  const headers = copiesHeaders ? original.headers : keptHeaders(request.headers);
  const file = world.bytes.newFile();
  const version = await world.bytes.removeOnFailure(file, async () => {
    const bytes = await world.bytes.read(original.file, original.parts);
    const summed = summing(copiedChecksum(call, original), bytes);
    const stored = await world.bytes.write(file, 0, summed.chunks());
    const parts = [{ ...stored, number: 1 }];
    const content = { ...stored, file, parts, headers, checksums: await summed.checksums() };
    return commit(call, content, tags, 'CopyObject');
  });
  setHeaders(call, { ...versionHeader(bucket, version), ...sourceHeader(source) });
  const result = element(
    'CopyObjectResult',
    element('ETag', version.content.etag),
    element('LastModified', version.modified.toISOString()),
    ...checksumElements(version.content.checksums),
  );
  answerXml(response, 200, result);
}

/** Header of the checksum of a copy: the one that is asked for, or the kind that the original has. */
function copiedChecksum({ request }: S3Call, { checksums }: Content): string | undefined {
  return checksumHeaderOf(request.headers) ?? Object.keys(checksums).find(isKeptChecksum);
}

/** Computes a checksum of bytes while they pass. */
function summing(header: string | undefined, bytes: AsyncIterable<Uint8Array>) {
  const checksum = startChecksum(header ?? '');
  return {
    async *chunks() {
      for await (const chunk of bytes) {
        checksum?.update(chunk);
        yield chunk;
      }
    },
    async checksums(): Promise<Headers> {
      if (header === undefined || !checksum) return {};
      return wholeChecksum(header, await finishChecksum(header, checksum));
    },
  };
}

/** Finds the object that a copy reads, notes the permission and checks the conditions. */
export function sourceOf(call: S3Call): Source {
  const { headers } = call.request;
  const address = copySourceOf(headers['x-amz-copy-source']?.toString() ?? '');
  const versionId = checkVersionId(address.versionId);
  const arn = objectArn(address.bucket, address.key);
  call.note(versionId ? 's3:GetObjectVersion' : 's3:GetObject', [arn]);
  const bucket = bucketOf(call, address.bucket);
  const version = readableVersion(call, bucket, address.key, versionId);
  if (judgeRead(headers, version, 'x-amz-copy-source-') === 'not modified') {
    throw preconditionFailed();
  }
  return { bucket, version, isVersionNamed: versionId !== undefined };
}

/** Header with the version id of the source. */
export function sourceHeader({ bucket, version }: Source): Headers {
  return bucket.versioning === undefined ? {} : { 'x-amz-copy-source-version-id': version.id };
}

function copiedTags({ bucket, key, note }: S3Call, source: Source) {
  const { key: sourceKey, tags } = source.version;
  if (tags.length > 0) {
    const read = source.isVersionNamed ? 's3:GetObjectVersionTagging' : 's3:GetObjectTagging';
    note(read, [objectArn(source.bucket.name, sourceKey)]);
    note('s3:PutObjectTagging', [objectArn(bucket, key)]);
  }
  return tags;
}

function isCopied({ request }: S3Call, header: string): boolean {
  const directive = request.headers[header] ?? 'COPY';
  if (directive === 'COPY' || directive === 'REPLACE') return directive === 'COPY';
  throw refuse('InvalidArgument', `Unknown ${header}.`);
}

function copyOntoItself() {
  const message =
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
  return refuse('InvalidRequest', message);
}
