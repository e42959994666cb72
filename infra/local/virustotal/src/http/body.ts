/** Request bodies, read as streams: nothing but digests and small fields is kept of them. */
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { SeenContent } from '../world/digests.ts';
import { contentReader } from '../world/verdict.ts';
import { refuse, tooLarge } from './answer.ts';

/** Longest body of a form or of JSON, bytes. */
const MAX_SMALL_BODY_BYTES = 1_000_000;

/** The body of one request. */
export class RequestBody {
  readonly #stream: Readable;
  readonly #bytesPerSecond: number;
  #bytes = 0;

  /**
   * @param stream - the request
   * @param bytesPerSecond - how fast it is read
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
   * Reads piece by piece. The rest of a body that is left early is thrown away, so that the client
   * can still take the answer.
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

  /** Reads to the end. */
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

/** A file that came in a form. */
export interface ReceivedFile extends SeenContent {
  /** As the client named it. */
  readonly name: string;
}

/**
 * Takes the part `file` of a multipart form.
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

/** Reads the files of a form; gives the one in the field `file` in the end. */
function fileOf(form: BusboyInstance): () => ReceivedFile | undefined {
  let file: ReceivedFile | undefined;
  form.on('file', (field, stream, name) => {
    const reader = contentReader();
    // A file that breaks off makes the form fail too.
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
