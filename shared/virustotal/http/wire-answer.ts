/** Reads answers to their end, within a limit, and decompresses them. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { UpstreamError } from '../../errors.ts';

const zlib = process.getBuiltinModule('node:zlib');
const gunzip = promisify<Buffer, { maxOutputLength: number }, Buffer>(zlib.gunzip);

/** An answer, read to its end. */
export interface WireAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  /** Decompressed text; null if it cannot be decompressed, or if a refusal is too long. */
  readonly text: string | null;
}

/**
 * Bytes of an answer for each value in it, at the least. Parsing takes up to 60 bytes of memory for a value,
 * and an answer of 3 MiB can have a million. VirusTotal's own answers have 18 or more bytes for each value.
 */
const BYTES_PER_VALUE = 8;

/**
 * Reads an answer to its end.
 *
 * @param response - with its headers received
 * @param maxBytes - longest answer, compressed or not
 * @throws UpstreamError if a success is too long or has too many values; Node's own error if it breaks off
 */
export async function readAnswer(response: IncomingMessage, maxBytes: number): Promise<WireAnswer> {
  const { statusCode: status = 0, headers } = response;
  const text = await readText(response, maxBytes).catch((error: unknown) => {
    // The status of a refusal says enough.
    if (error instanceof UpstreamError && status >= 300) return null;
    throw error;
  });
  return {
    status,
    contentType: headers['content-type'] ?? '',
    retryAfter: headers['retry-after'],
    text,
  };
}

async function readText(response: IncomingMessage, maxBytes: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLong(maxBytes);
    chunks.push(chunk);
  }
  const body = await decompress(Buffer.concat(chunks), maxBytes);
  if (body === null) return null;
  if (countValues(body) > maxBytes / BYTES_PER_VALUE) {
    throw new UpstreamError(
      `VirusTotal's answer has over ${Math.floor(maxBytes / BYTES_PER_VALUE)} values`,
    );
  }
  return body.toString('utf8');
}

/** Looks at the content, not the header: some answers labelled gzip are not (VirusTotal/vt-go#35). */
async function decompress(body: Buffer, maxBytes: number): Promise<Buffer | null> {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body;
  try {
    return await gunzip(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLong(maxBytes);
    return null;
  }
}

function tooLong(maxBytes: number): UpstreamError {
  return new UpstreamError(`VirusTotal's answer is over ${maxBytes} bytes`);
}

/** Counts commas and opening brackets, at most one for each JSON value; those in texts count as well. */
function countValues(json: Buffer): number {
  let count = 0;
  for (const byte of json) {
    if (byte === 0x2c || byte === 0x5b || byte === 0x7b) count += 1;
  }
  return count;
}
