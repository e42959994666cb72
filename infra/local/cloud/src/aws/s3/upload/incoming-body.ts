/** The body of a request: decoded, and compared with its length and checksums. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { notImplemented, refuse } from '../refusals.ts';
import { decodeAwsChunked, incomplete } from './aws-chunked.ts';
import {
  type Checksum,
  finishChecksum,
  isKeptChecksum,
  startChecksum,
  wholeChecksum,
} from './checksums.ts';

/** A body that can be read once. */
export class IncomingBody {
  /** Bytes, decoded. */
  readonly size: number;
  /** Checksums that S3 keeps with the object, by header; complete when the body has been read. */
  readonly keptChecksums: Record<string, string> = {};
  readonly #request: IncomingMessage;
  readonly #trailers = new Map<string, string>();
  readonly #checksums: ReadonlyMap<string, Checksum>;

  /** @throws AwsRefusal when the length is missing or a checksum is not supported */
  constructor(request: IncomingMessage) {
    this.#request = request;
    this.size = lengthOf(request.headers);
    this.#checksums = startChecksums(request.headers);
  }

  /** @throws AwsRefusal at the end when a checksum is wrong, earlier for other defects */
  async *chunks(): AsyncGenerator<Buffer> {
    let size = 0;
    for await (const chunk of isAwsChunked(this.#request.headers)
      ? decodeAwsChunked(this.#request, this.#trailers)
      : this.#request) {
      size += chunk.length;
      if (size > this.size) throw incomplete();
      for (const checksum of this.#checksums.values()) checksum.update(chunk);
      yield chunk;
    }
    if (size < this.size) throw incomplete();
    await this.#verify();
  }

  async #verify(): Promise<void> {
    for (const [name, checksum] of this.#checksums) {
      const value = await finishChecksum(name, checksum);
      const sent = this.#trailers.get(name) ?? this.#request.headers[name]?.toString();
      if (sent !== value) throw wrongChecksum(name);
      if (!isKeptChecksum(name)) continue;
      Object.assign(this.keptChecksums, wholeChecksum(name, value));
    }
  }
}

/** Reads a short body as text. */
export function readText(request: IncomingMessage): Promise<string> {
  return text(new IncomingBody(request).chunks());
}

function isAwsChunked(headers: IncomingHttpHeaders): boolean {
  return (
    /^STREAMING-/.test(headers['x-amz-content-sha256']?.toString() ?? '') ||
    /\baws-chunked\b/.test(headers['content-encoding'] ?? '')
  );
}

function lengthOf(headers: IncomingHttpHeaders): number {
  const length = headers['x-amz-decoded-content-length'] ?? headers['content-length'];
  if (/^\d{1,15}$/.test(length?.toString() ?? '')) return Number(length);
  throw refuse('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
}

function startChecksums(headers: IncomingHttpHeaders): Map<string, Checksum> {
  const announced = (headers['x-amz-trailer']?.toString() ?? '').toLowerCase().split(',');
  const checksums = new Map<string, Checksum>();
  for (const name of [...Object.keys(headers), ...announced.map((item) => item.trim())]) {
    // `x-amz-content-sha256` may be a word, such as UNSIGNED-PAYLOAD.
    if (name === 'x-amz-content-sha256' && !/^[0-9a-f]{64}$/.test(String(headers[name]))) continue;
    const checksum = startChecksum(name);
    if (checksum) checksums.set(name, checksum);
    else if (isKeptChecksum(name)) throw notImplemented(`the checksum ${name}`);
  }
  return checksums;
}

function wrongChecksum(name: string) {
  if (name === 'x-amz-content-sha256') {
    const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    return refuse('XAmzContentSHA256Mismatch', message);
  }
  const algorithm = name === 'content-md5' ? 'Content-MD5' : name.split('-').at(-1)?.toUpperCase();
  const message = `The ${algorithm} you specified did not match the calculated checksum.`;
  return refuse('BadDigest', message);
}
