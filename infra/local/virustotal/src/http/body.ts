/** Request bodies, read as streams. Files are not kept, only their digests. */
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { SeenContent } from '../world/digests.ts';
import { contentReader } from '../world/verdict.ts';
import { refuse, tooLarge } from './answer.ts';

/** Longest body of a form or of JSON, bytes. */
const MAX_SMALL_BODY_BYTES = 1_000_000;

/** Body of a request. */
export class RequestBody {
  readonly #stream: Readable;
  readonly #bytesPerSecond: number;
  #bytes = 0;

  /**
   * @param stream - the request
   * @param bytesPerSecond - limits the reading speed
   */
  constructor(stream: Readable, bytesPerSecond = Number.POSITIVE_INFINITY) {
    this.#stream = stream;
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Bytes that have been read. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Reads chunk by chunk. If the caller stops early, discards the rest, so that the client can still
   * receive the answer.
   *
   * @param limit - bytes
   * @throws Refusal 413 beyond the limit
   */
  async *chunks(limit = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of this.#stream.iterator({ destroyOnReturn: false })) {
        this.#bytes += chunk.length;
        if (this.#bytes > limit) throw tooLarge();
        if (Number.isFinite(this.#bytesPerSecond)) {
          await sleep((chunk.length / this.#bytesPerSecond) * 1000);
        }
        yield chunk;
      }
    } finally {
      this.#stream.resume();
    }
  }

  /** Reads and discards everything. */
  async drain(): Promise<void> {
    for await (const _ of this.chunks());
  }

  /** Reads a short text. */
  async text(): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.chunks(MAX_SMALL_BODY_BYTES)) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  }
}

/** A file from a multipart form. */
export interface ReceivedFile extends SeenContent {
  /** File name in the form. */
  readonly name: string;
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
  if (!/^multipart\/form-data;.*boundary=/i.test(contentType)) {
    await body.drain();
    throw refuse('BadRequestError', 'Request is not a multipart form');
  }
  const form = new Busboy({ headers: { 'content-type': contentType } });
  const file = fileOf(form);
  const isWhole = new Promise<boolean>((resolve) => {
    form.on('finish', () => resolve(true)).on('error', () => resolve(false));
  });
  for await (const chunk of body.chunks(limit)) {
    if (!form.write(chunk)) await Promise.race([isDrained(form), isWhole]);
  }
  form.end();
  if (!(await isWhole)) throw refuse('BadRequestError', 'Malformed multipart form');
  const received = file();
  if (!received) throw refuse('BadRequestError', 'Missing form field "file"');
  return received;
}

/** Reads the files of a form. Call the result at the end of the form: it returns the part `file`. */
function fileOf(form: BusboyInstance): () => ReceivedFile | undefined {
  let file: ReceivedFile | undefined;
  form.on('file', (field, stream, name) => {
    const reader = contentReader();
    // A truncated file makes the form fail, too.
    stream.on('error', () => undefined);
    stream.on('data', (piece: Buffer) => reader.add(piece));
    stream.on('end', () => {
      if (field === 'file') file ??= { ...reader.end(), name };
    });
  });
  return () => file;
}

function isDrained(form: BusboyInstance): Promise<void> {
  return new Promise((resolve) => {
    form.once('drain', resolve);
  });
}
