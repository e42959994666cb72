/** Routes of files: submission, upload URLs, reports. */
import { randomUUID } from 'node:crypto';
import { notFound, ok, refuse, tooLarge } from '../http/answer.ts';
import { receiveFile } from '../http/form.ts';
import type { ApiRequest, Route } from '../http/service.ts';
import { analysisDescriptor } from '../objects/analysis-object.ts';
import { fileObject } from '../objects/file-object.ts';
import type { KnownFile } from '../world/files.ts';
import { relationshipRoutes, withRelationships } from './relationships.ts';

/** Size limit of a `POST /files` request, bytes. */
const MAX_DIRECT_REQUEST_BYTES = 32_000_000;

/** Size limit of a file at an upload URL, bytes (650 MiB). */
const MAX_FILE_BYTES = 681_574_400;

/** Allowance for the form around a file, bytes. */
const FORM_BYTES = 65_536;

export const fileRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/v3/files',
    handle: (request) => submit(request, MAX_DIRECT_REQUEST_BYTES),
  },
  { method: 'GET', path: '/api/v3/files/upload_url', handle: createUploadUrl },
  { method: 'POST', path: '/_ah/upload/:token/', handle: upload },
  { method: 'GET', path: '/api/v3/files/:id', handle: report },
  { method: 'POST', path: '/api/v3/files/:id/analyse', handle: analyse },
  ...relationshipRoutes('file', (request) => ({ kind: 'file', id: charged(request).sha256 })),
];

async function submit(request: ApiRequest, limit: number) {
  if (request.contentLength > limit) throw tooLarge();
  const file = await receiveFile(request.body, request.contentType, limit);
  const { name, size, sha256 } = file;
  request.record.file = { name, size, sha256 };
  if (size > MAX_FILE_BYTES) throw tooLarge();
  const { world, origin } = request.service;
  // Submitting a new file is free (docs.virustotal.com/docs/quota-consumption).
  if (world.files.find(sha256)) request.charge();
  return ok({ data: analysisDescriptor(origin, world.files.submit(file, name)) });
}

/** Costs no quota. */
function createUploadUrl({ service }: ApiRequest) {
  const token = randomUUID().replaceAll('-', '');
  service.uploadTokens.add(token);
  return ok({ data: `${service.origin}/_ah/upload/${token}/` });
}

async function upload(request: ApiRequest) {
  const isFresh = request.service.uploadTokens.delete(request.params.token ?? '');
  if (!isFresh) throw refuse('NotFoundError', 'Upload URL not found');
  return submit(request, MAX_FILE_BYTES + FORM_BYTES);
}

function report(request: ApiRequest) {
  const { world, origin } = request.service;
  const file = charged(request);
  const object = fileObject(origin, file, world.files.reportDateOf(file));
  return ok({ data: withRelationships(request, { kind: 'file', id: file.sha256 }, object) });
}

function analyse(request: ApiRequest) {
  const { world, origin } = request.service;
  return ok({ data: analysisDescriptor(origin, world.files.analyse(charged(request))) });
}

/** Charges the request, and returns its file. @throws Refusal 404 if it is unknown or not visible yet */
function charged(request: ApiRequest): KnownFile {
  request.charge();
  const { id = '' } = request.params;
  const { world, unfinished } = request.service;
  const file = world.files.find(id);
  if (!file || (unfinished === 'absent' && world.files.reportDateOf(file) === null)) {
    throw notFound('File', id);
  }
  return file;
}
