/** The requests that queue an analysis. */
import { ConnectorError, ObjectTooLargeError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { type AnalysisDescriptor, analysisDescriptor, uploadUrl } from './answers/index.ts';
import type { UpstreamRequest } from './attempt.ts';
import { endpoint, understand } from './endpoint.ts';
import { toNamedError } from './failures.ts';
import { type FileUpload, multipartBody, type RequestBody } from './http/multipart.ts';
import { MAX_FILE_BYTES } from './limits.ts';
import { type Sender, send } from './send.ts';
import { checkUploadUrl } from './server.ts';

/** Longest request that `POST /files` accepts, bytes, including multipart overhead. */
export const MAX_DIRECT_REQUEST_BYTES = 32_000_000;

/** Queues one analysis. */
export async function queueAnalysis(
  sender: Sender,
  template: string,
  ids: readonly string[],
  limits: Limits,
  body?: RequestBody,
): Promise<AnalysisDescriptor> {
  const url = endpoint(sender.server, template, ids);
  const request: UpstreamRequest = { method: 'POST', template: `POST ${template}`, url, body };
  const answer = await send(sender, request, limits);
  if (answer.kind === 'fault') throw toNamedError(answer.fault);
  return understand(analysisDescriptor, answer.json, request);
}

/** Sends a file: in one request if that is short enough, otherwise through an upload URL. */
export async function sendFile(
  sender: Sender,
  file: FileUpload,
  limits: Limits,
): Promise<AnalysisDescriptor | 'already-exists'> {
  if (file.size > MAX_FILE_BYTES) {
    throw new ObjectTooLargeError(
      `the file has ${file.size} bytes; allowed: at most ${MAX_FILE_BYTES} bytes (650 MiB)`,
    );
  }
  const body = multipartBody(file);
  const isDirect = body.size <= MAX_DIRECT_REQUEST_BYTES;
  const url = isDirect ? endpoint(sender.server, '/files', []) : await uploadTarget(sender, limits);
  const template = isDirect ? 'POST /files' : 'POST {upload_url}';
  const isFree = file.isNew ?? false;
  const request: UpstreamRequest = { method: 'POST', template, url, body, isFree };
  await file.prepare?.();
  const answer = await send(sender, request, limits);
  if (answer.kind === 'success') return understand(analysisDescriptor, answer.json, request);
  if (answer.fault.status === 409) return 'already-exists';
  throw toNamedError(answer.fault);
}

async function uploadTarget(sender: Sender, limits: Limits): Promise<URL> {
  const template = '/files/upload_url';
  const url = endpoint(sender.server, template, []);
  const request = { method: 'GET', template: `GET ${template}`, url, isFree: true } as const;
  const answer = await send(sender, request, limits);
  if (answer.kind === 'fault') throw toNamedError(answer.fault);
  return checkUploadUrl(understand(uploadUrl, answer.json, request), sender.server);
}

/** Whether a submission that ended with an error may have arrived nevertheless. */
export function mayHaveArrived(error: unknown): boolean {
  return !(error instanceof ConnectorError) || error.name.startsWith('Upstream');
}

/** Creates a form body with simple fields. */
export function formBody(fields: Readonly<Record<string, string>>): RequestBody {
  const bytes = Buffer.from(new URLSearchParams(fields).toString());
  return {
    contentType: 'application/x-www-form-urlencoded',
    size: bytes.length,
    async *chunks() {
      yield bytes;
    },
  };
}
