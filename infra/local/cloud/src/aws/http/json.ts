/** Request and response bodies of JSON services. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Reads a whole body. Not for S3 objects.
 *
 * @param limit - bytes
 * @throws RangeError when the body is longer
 */
export async function readBody(request: IncomingMessage, limit = 16 * 2 ** 20): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > limit) throw new RangeError(`The body is longer than ${limit} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Sends JSON; the content type is AWS's JSON 1.1 unless one is already set. */
export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  if (!response.hasHeader('content-type')) {
    response.setHeader('content-type', 'application/x-amz-json-1.1');
  }
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-length': Buffer.byteLength(text) }).end(text);
}
