/** Multipart uploads. */
import { randomUUID } from 'node:crypto';
import { readBody } from '../../http/json.ts';
import { answerXml, element } from '../../http/xml.ts';
import {
  answerEmpty,
  bucketOf,
  objectArn,
  type S3Call,
  setHeaders,
  versionHeader,
} from '../call.ts';
import { commit } from '../commit.ts';
import { type ByteRange, extentsOf } from '../range.ts';
import { refuse } from '../refusals.ts';
import type { Headers, Upload } from '../state.ts';
import { checksumElements, composedChecksum, composedChecksumOf } from '../upload/checksums.ts';
import { completedContent } from '../upload/completed-content.ts';
import { IncomingBody } from '../upload/incoming-body.ts';
import { sourceHeader, sourceOf } from './copy-object.ts';
import { keptHeaders, noteWrite } from './put-object.ts';

const MAX_PART_NUMBER = 10_000;
/** A range can be copied only from a larger object, bytes. */
const MIN_RANGE_SOURCE = 5 * 2 ** 20;

export function createMultipartUpload(call: S3Call): void {
  const { key, request, response, world } = call;
  const tags = noteWrite(call);
  const { name } = bucketOf(call);
  const headers = keptHeaders(request.headers);
  const file = world.bytes.newFile();
  const uploadId = randomUUID();
  const composes = composedChecksumOf(request.headers);
  const upload: Upload = {
    bucket: name,
    key,
    tags,
    headers,
    composes,
    file,
    length: 0,
    parts: new Map(),
  };
  world.uploads.set(uploadId, upload);
  const result = element(
    'InitiateMultipartUploadResult',
    element('Bucket', name),
    element('Key', key),
    element('UploadId', uploadId),
  );
  answerXml(response, 200, result);
}

export async function uploadPart(call: S3Call): Promise<void> {
  noteUpload(call, 's3:PutObject');
  const part = partOf(call);
  const body = new IncomingBody(call.request);
  const { keptChecksums } = body;
  const etag = await storePart(call, part, body.size, body.chunks(), keptChecksums);
  const { 'x-amz-checksum-type': _, ...checksums } = keptChecksums;
  answerEmpty(call, 200, { ...checksums, etag });
}

export async function uploadPartCopy(call: S3Call): Promise<void> {
  const { response, world } = call;
  noteUpload(call, 's3:PutObject');
  const part = partOf(call);
  const source = sourceOf(call);
  const { file, parts, size } = source.version.content;
  const range = copiedRange(call, size);
  const bytes = await world.bytes.read(file, extentsOf(parts, range));
  const etag = await storePart(call, part, range.end - range.start + 1, bytes);
  setHeaders(call, sourceHeader(source));
  const result = element(
    'CopyPartResult',
    element('ETag', etag),
    element('LastModified', new Date(world.now()).toISOString()),
  );
  answerXml(response, 200, result);
}

export async function completeMultipartUpload(call: S3Call): Promise<void> {
  const { key, request, response, world } = call;
  noteUpload(call, 's3:PutObject');
  const bucket = bucketOf(call);
  // Checksums in the headers are those of the object, not of this body.
  const xml = (await readBody(request)).toString();
  const { id, upload } = uploadOf(call);
  const completed = completedContent(upload, xml);
  world.uploads.delete(id);
  const checksums = await composedChecksum(upload.composes, completed.parts);
  const content = { ...completed, checksums };
  const version = await world.bytes.removeOnFailure(upload.file, () =>
    commit(call, content, upload.tags, 'CompleteMultipartUpload'),
  );
  setHeaders(call, versionHeader(bucket, version));
  const path = encodeURIComponent(key).replaceAll('%2F', '/');
  const result = element(
    'CompleteMultipartUploadResult',
    element('Location', `http://${request.headers.host}/${bucket.name}/${path}`),
    element('Bucket', bucket.name),
    element('Key', key),
    element('ETag', content.etag),
    ...checksumElements(checksums),
  );
  answerXml(response, 200, result);
}

export async function abortMultipartUpload(call: S3Call): Promise<void> {
  noteUpload(call, 's3:AbortMultipartUpload');
  const { id, upload } = uploadOf(call);
  call.world.uploads.delete(id);
  await call.world.bytes.remove(upload.file);
  answerEmpty(call, 204);
}

function noteUpload({ bucket, key, note }: S3Call, action: string): void {
  note(action, [objectArn(bucket, key)]);
}

/** @throws AwsRefusal `NoSuchUpload` */
function uploadOf(call: S3Call): { readonly id: string; readonly upload: Upload } {
  const { name } = bucketOf(call);
  const id = call.query.get('uploadId') ?? '';
  const upload = call.world.uploads.get(id);
  if (upload?.bucket === name && upload.key === call.key) return { id, upload };
  const message =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  throw refuse('NoSuchUpload', message, 404);
}

/** Number and upload of the part that a request writes. */
interface PartAddress {
  readonly number: number;
  readonly upload: Upload;
}

/** @throws AwsRefusal `NoSuchUpload`, `InvalidArgument` */
function partOf(call: S3Call): PartAddress {
  const { upload } = uploadOf(call);
  const number = Number(call.query.get('partNumber'));
  if (Number.isInteger(number) && number >= 1 && number <= MAX_PART_NUMBER) {
    return { number, upload };
  }
  const message = `Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`;
  throw refuse('InvalidArgument', message);
}

/** @returns the part's ETag */
async function storePart(
  { world }: S3Call,
  { number, upload }: PartAddress,
  size: number,
  chunks: AsyncIterable<Uint8Array>,
  checksums: Headers = {},
): Promise<string> {
  // Parts may come at once: each has its place in the file before it is written.
  const offset = upload.length;
  upload.length += size;
  const stored = await world.bytes.write(upload.file, offset, chunks);
  upload.parts.set(number, { ...stored, number, checksums });
  return stored.etag;
}

/** @throws AwsRefusal `InvalidRequest`, `InvalidArgument` */
function copiedRange({ request }: S3Call, size: number): ByteRange {
  const header = request.headers['x-amz-copy-source-range']?.toString();
  if (header === undefined) return { start: 0, end: size - 1 };
  if (size <= MIN_RANGE_SOURCE) {
    const message = 'The specified copy source is not supported as a byte-range copy source';
    throw refuse('InvalidRequest', message);
  }
  const [, start = 0, end = size] = /^bytes=(\d+)-(\d+)$/.exec(header)?.map(Number) ?? [];
  if (start <= end && end < size) return { start, end };
  const message = `Range specified is not valid for source object of size: ${size}`;
  throw refuse('InvalidArgument', message);
}
