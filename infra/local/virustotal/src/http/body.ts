/** Request bodies, read as streams. */
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { tooLarge } from './answer.ts';

/** Longest body of a form or of JSON, bytes. */
export const MAX_SMALL_BODY_BYTES = 1_000_000;

/** Body of a request. */
export class RequestBody {
  readonly #stream: IncomingMessage;
  readonly #bytesPerSecond: number;
  #bytes = 0;

  /**
   * @param stream - the request
   * @param bytesPerSecond - limits the reading speed
   */
  constructor(stream: IncomingMessage, bytesPerSecond = Number.POSITIVE_INFINITY) {
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

  /** Reads and discards the rest of a short body, as a front end that buffers short requests does. */
  async drainShort(): Promise<void> {
    const { headers } = this.#stream;
    const isShort = Number(headers['content-length'] ?? 0) <= MAX_SMALL_BODY_BYTES;
    if (isShort && headers['transfer-encoding'] === undefined) await this.drain();
  }

  /** Reads a short text. */
  async text(): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.chunks(MAX_SMALL_BODY_BYTES)) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  }
}
