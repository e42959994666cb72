/**
 * The content encoding `aws-chunked`
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html). Does not check the
 * signatures of chunks.
 */
import { refuse } from '../refusals.ts';

/** Longest line with a chunk size or a trailer, bytes. */
const MAX_LINE = 16_384;

/**
 * Decodes a body while it arrives.
 *
 * @param trailers - receives the trailers, with names in lower case
 * @throws AwsRefusal when the body ends early or is malformed
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  /** Bytes of the current chunk that have not arrived yet. */
  let left = 0;
  let isAtTrailers = false;
  for await (const bytes of source) {
    rest = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
    for (;;) {
      if (left > 0) {
        const part = rest.subarray(0, left);
        left -= part.length;
        rest = rest.subarray(part.length);
        if (part.length > 0) yield part;
        if (left > 0) break;
      }
      const end = rest.indexOf('\r\n');
      if (end < 0) break;
      const line = rest.toString('latin1', 0, end);
      rest = rest.subarray(end + 2);
      if (isAtTrailers) addTrailer(trailers, line);
      // An empty line ends the data of a chunk.
      else if (line !== '') {
        left = sizeOf(line);
        isAtTrailers = left === 0;
      }
    }
    if (rest.length > MAX_LINE) throw malformed();
  }
  if (!isAtTrailers) throw incomplete();
}

/** The body is shorter or longer than announced. */
export function incomplete() {
  const message =
    'You did not provide the number of bytes specified by the Content-Length HTTP header';
  return refuse('IncompleteBody', message);
}

function sizeOf(line: string): number {
  const [, size] = /^([0-9a-f]{1,12})(?:;|$)/i.exec(line) ?? [];
  if (!size) throw malformed();
  return Number.parseInt(size, 16);
}

function addTrailer(trailers: Map<string, string>, line: string): void {
  const at = line.indexOf(':');
  if (at > 0) trailers.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim());
}

function malformed() {
  return refuse('InvalidRequest', 'The body is not valid aws-chunked content.');
}
