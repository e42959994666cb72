/** Errors in CBOR (RFC 8949), which newer SDKs read from some services. */
import type { ServerResponse } from 'node:http';

/** Answers a map of texts, of at most 23 entries. */
export function answerCborError(
  response: ServerResponse,
  status: number,
  error: Readonly<Record<string, string>>,
): void {
  const entries = Object.entries(error);
  const map = Buffer.from([0xa0 + entries.length]);
  const body = Buffer.concat([map, ...entries.flat().map(textOf)]);
  response.setHeader('smithy-protocol', 'rpc-v2-cbor');
  response.writeHead(status, {
    'content-type': 'application/cbor',
    'content-length': body.length,
  });
  response.end(body);
}

/** A text with its length in two bytes. */
function textOf(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x79, bytes.length >> 8, bytes.length & 0xff]), bytes]);
}
