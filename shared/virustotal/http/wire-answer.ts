/** Reads answers to their end, within a limit, and decompresses them. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { UpstreamError } from '../../errors.ts';

const zlib = process.getBuiltinModule('node:zlib');
const gunzip = promisify<Buffer, { maxOutputLength: number }, Buffer>(zlib.gunzip);

/** Longest answer, bytes, compressed or not. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** An answer, read to its end. */
export interface WireAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  /** Decompressed text; null if it cannot be decompressed. */
  readonly text: string | null;
}

/**
 * Reads an answer to its end.
 *
 * @param response - with its headers received
 * @throws UpstreamError if it is too long; Node's own error if it breaks off
 */
export async function readAnswer(response: IncomingMessage): Promise<WireAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) {
      throw new UpstreamError(`VirusTotal's answer is over ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? '',
    retryAfter: response.headers['retry-after'],
    text: await decode(Buffer.concat(chunks)),
  };
}

/** Looks at the content, not the header: some answers labelled gzip are not (VirusTotal/vt-go#35). */
async function decode(body: Buffer): Promise<string | null> {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body.toString('utf8');
  try {
    return (await gunzip(body, { maxOutputLength: MAX_ANSWER_BYTES })).toString('utf8');
  } catch {
    return null;
  }
}
