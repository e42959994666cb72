/** Multipart uploads. */
import { readBody } from '../../json.ts';
import { answerXml, element } from '../../xml.ts';
import {
  answerEmpty,
  bucketOfCall,
  type Headers,
  objectArn,
  type S3Call,
  setHeaders,
  versionHeader,
} from '../call.ts';
import { commit } from '../commit.ts';
import { noSuchUpload, refuse } from '../refusals.ts';
import type { Upload } from '../state.ts';
import { storedHeaders } from '../stored-headers.ts';
import { contentEncodingOf, readUpload } from '../upload/read-upload.ts';
import { sourceHeader, sourceOf } from './copy-object.ts';
import { contentTypeOf, noteWrite } from './put-object.ts';

const MAX_PART_NUMBER = 10_000;

/** CreateMultipartUpload. */
export async function createMultipartUpload(call: S3Call): Promise<void> {
  const { key, request, response, world } = call;
  const { headers } = request;
  const tags = noteWrite(call);
  const bucket = bucketOfCall(call);
  const blob = world.engine.newBlob();
  const stored = storedHeaders(headers, contentEncodingOf(headers));
  const uploadId = await world.engine.startUpload(blob, stored);
  world.state.uploads.set(uploadId, {
    bucket: bucket.name,
    key,
    blob,
    contentType: contentTypeOf(call),
    tags,
  });
  const result = element(
    'InitiateMultipartUploadResult',
    element('Bucket', bucket.name),
    element('Key', key),
    element('UploadId', uploadId),
  );
  answerXml(response, 200, result);
}

/** UploadPart. */
export async function uploadPart(call: S3Call): Promise<void> {
  const { request, world } = call;
  noteUpload(call, 's3:PutObject');
  const part = partOf(call);
  const { bytes, checksums } = await readUpload(request);
  const etag = await world.engine.putPart(part, checksums, bytes);
  answerEmpty(call, 200, { ...checksums, etag });
}

/** UploadPartCopy. */
export async function uploadPartCopy(call: S3Call): Promise<void> {
  const { request, response, world } = call;
  noteUpload(call, 's3:PutObject');
  const part = partOf(call);
  const source = sourceOf(call);
  const range = request.headers['x-amz-copy-source-range']?.toString();
  const headers: Headers = range === undefined ? {} : { 'x-amz-copy-source-range': range };
  const etag = await world.engine.copyPart(source.version.blob, part, headers);
  setHeaders(call, sourceHeader(source));
  const modified = new Date(world.now()).toISOString();
  const result = element(
    'CopyPartResult',
    element('ETag', etag),
    element('LastModified', modified),
  );
  answerXml(response, 200, result);
}

/** CompleteMultipartUpload. */
export async function completeMultipartUpload(call: S3Call): Promise<void> {
  const { key, request, response, world } = call;
  noteUpload(call, 's3:PutObject');
  const { id, upload } = uploadOf(call);
  const bucket = bucketOfCall(call);
  // Checksums in the headers are of the object, not of this body.
  const bytes = await readBody(request);
  if (!bytes.includes('<Part>')) {
    const message = 'The XML you provided was not well-formed or did not validate.';
    throw refuse('MalformedXML', message);
  }
  const { blob, contentType, tags } = upload;
  const info = await world.engine.completeUpload(blob, id, bytes);
  world.state.uploads.delete(id);
  const version = await commit(call, {
    ...info,
    blob,
    contentType,
    tags,
    reason: 'CompleteMultipartUpload',
  });
  setHeaders(call, versionHeader(bucket, version));
  const path = encodeURIComponent(key).replaceAll('%2F', '/');
  const result = element(
    'CompleteMultipartUploadResult',
    element('Location', `http://${request.headers.host}/${bucket.name}/${path}`),
    element('Bucket', bucket.name),
    element('Key', key),
    element('ETag', version.etag),
  );
  answerXml(response, 200, result);
}

/** AbortMultipartUpload. */
export async function abortMultipartUpload(call: S3Call): Promise<void> {
  noteUpload(call, 's3:AbortMultipartUpload');
  const { id, upload } = uploadOf(call);
  call.world.state.uploads.delete(id);
  await call.world.engine.abortUpload(upload.blob, id);
  answerEmpty(call, 204);
}

function noteUpload({ bucket, key, note }: S3Call, action: string): void {
  note(action, [objectArn(bucket, key)]);
}

function uploadOf(call: S3Call): { readonly id: string; readonly upload: Upload } {
  const { name } = bucketOfCall(call);
  const id = call.query.get('uploadId') ?? '';
  const upload = call.world.state.uploads.get(id);
  if (upload?.bucket !== name || upload.key !== call.key) throw noSuchUpload();
  return { id, upload };
}

function partOf(call: S3Call) {
  const { id: uploadId, upload } = uploadOf(call);
  const partNumber = Number(call.query.get('partNumber'));
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > MAX_PART_NUMBER) {
    const message = `Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`;
    throw refuse('InvalidArgument', message);
  }
  return { blob: upload.blob, uploadId, partNumber };
}
