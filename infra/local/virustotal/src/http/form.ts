/** Forms in request bodies. Files are not kept, only their digests. */
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { SeenContent } from '../world/digests.ts';
import { contentReader } from '../world/verdict.ts';
import { refuse } from './answer.ts';
import { MAX_SMALL_BODY_BYTES, type RequestBody } from './body.ts';

/** A file from a multipart form. */
export interface ReceivedFile extends SeenContent {
  /** File name in the form. */
  readonly name: string;
}

/** What a multipart form contains. */
interface Parts {
  /** The part `file`. */
  file?: ReceivedFile;
  readonly fields: Map<string, string>;
}

/**
 * Reads the part `file` of a multipart form.
 *
 * @param contentType - of the request, with its boundary
 * @param limit - bytes of the whole request
 * @throws Refusal when there is no such part, the form is malformed, or it is too long
 */
export async function receiveFile(
  body: RequestBody,
  contentType: string,
  limit: number,
): Promise<ReceivedFile> {
  if (!isMultipart(contentType)) {
    await body.drain();
    throw refuse('BadRequestError', 'Request is not a multipart form');
  }
  const { file } = await receiveParts(body, contentType, limit);
  if (!file) throw refuse('BadRequestError', 'Missing form field "file"');
  return file;
}

/**
 * Reads a text field of a form, which may be url-encoded, as VirusTotal documents it, or multipart, as its
 * own Go client sends it.
 *
 * @param contentType - of the request
 * @throws Refusal when there is no such field, the form is malformed, or it is too long
 */
export async function receiveField(
  body: RequestBody,
  contentType: string,
  name: string,
): Promise<string> {
  const value = await fieldOf(body, contentType, name);
  if (value === undefined) throw refuse('BadRequestError', `Missing form field "${name}"`);
  return value;
}

async function fieldOf(body: RequestBody, contentType: string, name: string) {
  if (isMultipart(contentType)) {
    return (await receiveParts(body, contentType, MAX_SMALL_BODY_BYTES)).fields.get(name);
  }
  if (!/^application\/x-www-form-urlencoded\b/i.test(contentType)) {
    throw refuse('BadRequestError', 'Request is not a form');
  }
  return new URLSearchParams(await body.text()).get(name) ?? undefined;
}

function isMultipart(contentType: string): boolean {
  return /^multipart\/form-data;.*boundary=/i.test(contentType);
}

async function receiveParts(body: RequestBody, contentType: string, limit: number): Promise<Parts> {
  const form = new Busboy({ headers: { 'content-type': contentType } });
  const parts = partsOf(form);
  const isWhole = new Promise<boolean>((resolve) => {
    form.on('finish', () => resolve(true)).on('error', () => resolve(false));
  });
  for await (const chunk of body.chunks(limit)) {
    if (!form.write(chunk)) await Promise.race([isDrained(form), isWhole]);
  }
  form.end();
  if (!(await isWhole)) throw refuse('BadRequestError', 'Malformed multipart form');
  return parts;
}

/** Collects the parts of a form, which are complete at its end. Of parts with one name, the first counts. */
function partsOf(form: BusboyInstance): Parts {
  const parts: Parts = { fields: new Map() };
  form.on('field', (name, value) => {
    if (!parts.fields.has(name)) parts.fields.set(name, value);
  });
  form.on('file', (field, stream, name) => {
    const reader = contentReader();
    // A truncated file makes the form fail, too.
    stream.on('error', () => undefined);
    stream.on('data', (piece: Buffer) => reader.add(piece));
    stream.on('end', () => {
      if (field === 'file') parts.file ??= { ...reader.end(), name };
    });
  });
  return parts;
}

function isDrained(form: BusboyInstance): Promise<void> {
  return new Promise((resolve) => {
    form.once('drain', resolve);
  });
}
