/** Files: submission, upload URLs, reports. */
import { randomUUID } from 'node:crypto';
import { notFound, ok, refuse, tooLarge } from '../http/answer.ts';
import { receiveFile } from '../http/body.ts';
import type { Asked, Route } from '../http/service.ts';
import { analysisDescriptor } from '../objects/analysis-object.ts';
import { fileObject } from '../objects/file-object.ts';
import type { KnownFile } from '../world/files.ts';

/** Longest request that `POST /files` takes, bytes. */
const MAX_DIRECT_REQUEST_BYTES = 32_000_000;

/** Longest file that an upload URL takes, bytes (650 MiB). */
const MAX_FILE_BYTES = 681_574_400;

/** Room for the form around a file, bytes. */
const FORM_BYTES = 65_536;

/** Routes of files. */
export const fileRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/v3/files',
    handle: (asked) => submit(asked, MAX_DIRECT_REQUEST_BYTES),
  },
  { method: 'GET', path: '/api/v3/files/upload_url', handle: giveUploadUrl },
  { method: 'POST', path: '/_ah/upload/:token/', handle: upload },
  { method: 'GET', path: '/api/v3/files/:id', handle: report },
  { method: 'POST', path: '/api/v3/files/:id/analyse', handle: analyse },
];

async function submit(asked: Asked, limit: number) {
  if (asked.contentLength > limit) throw tooLarge();
  const file = await receiveFile(asked.body, asked.contentType, limit);
  const { name, size, sha256 } = file;
  asked.record.file = { name, size, sha256 };
  if (size > MAX_FILE_BYTES) throw tooLarge();
  const { world, origin } = asked.service;
  // Uploading a file that is new to VirusTotal is free (docs.virustotal.com/docs/quota-consumption).
  if (world.files.find(sha256)) asked.charge();
  return ok({ data: analysisDescriptor(origin, world.files.submit(file, name)) });
}

/** Costs no quota. */
function giveUploadUrl({ service }: Asked) {
  const token = randomUUID().replaceAll('-', '');
  service.uploadTokens.add(token);
  return ok({ data: `${service.origin}/_ah/upload/${token}/` });
}

async function upload(asked: Asked) {
  const isFresh = asked.service.uploadTokens.delete(asked.params.token ?? '');
  if (!isFresh) throw refuse('NotFoundError', 'Upload URL not found');
  return submit(asked, MAX_FILE_BYTES + FORM_BYTES);
}

function report(asked: Asked) {
  asked.charge();
  const { world, origin } = asked.service;
  const file = shown(asked);
  return ok({ data: fileObject(origin, file, world.files.reportDateOf(file)) });
}

function analyse(asked: Asked) {
  asked.charge();
  const { world, origin } = asked.service;
  return ok({ data: analysisDescriptor(origin, world.files.analyse(shown(asked))) });
}

/** The file that is asked for, as far as it may be seen already. */
function shown({ service, params: { id = '' } }: Asked): KnownFile {
  const { world, unfinished } = service;
  const file = world.files.find(id);
  if (!file || (unfinished === 'absent' && world.files.reportDateOf(file) === null)) {
    throw notFound('File', id);
  }
  return file;
}
