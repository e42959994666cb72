/** Parses a client's request as API Gateway does. */
import type { IncomingMessage } from 'node:http';

/** Names with their values, in the order received. */
export type MultiValues = ReadonlyMap<string, readonly string[]>;

/** A completely received request. */
export interface GatewayRequest {
  readonly method: string;
  /** Percent-encoded, as received, with the stage. */
  readonly path: string;
  /** Without the question mark, as received. */
  readonly rawQuery: string;
  /** Decoded. */
  readonly query: MultiValues;
  /** Keyed by the first spelling of each name. */
  readonly headers: MultiValues;
  readonly sourceIp: string;
  /** Port that the client called. */
  readonly port: number;
  /** For example `HTTP/1.1`. */
  readonly protocol: string;
  readonly body: Buffer;
}

/** Maximum size of a body, bytes (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html). */
const MAX_BODY_BYTES = 10 * 2 ** 20;
/** The connection of a client that sends more than this is closed. */
const MAX_READ_BYTES = 100 * 2 ** 20;

/**
 * Reads a request to its end, even if it is too long, so that the client can receive the answer.
 *
 * @returns the request; its body is undefined if it is too long
 * @throws Error if the client disconnects or never stops sending
 */
export async function readRequest(
  message: IncomingMessage,
): Promise<Omit<GatewayRequest, 'body'> & { readonly body: Buffer | undefined }> {
  const [path = '/', ...query] = (message.url ?? '/').split('?');
  const rawQuery = query.join('?');
  return {
    method: message.method ?? 'GET',
    path,
    rawQuery,
    query: queryOf(rawQuery),
    headers: headersOf(message.rawHeaders),
    sourceIp: message.socket.remoteAddress ?? '127.0.0.1',
    port: message.socket.localPort ?? 0,
    protocol: `HTTP/${message.httpVersion}`,
    body: await bodyOf(message),
  };
}

/** All values of a header, regardless of the name's case. */
export function headerValues(headers: MultiValues, name: string): readonly string[] {
  const lower = name.toLowerCase();
  return [...headers].find(([name]) => name.toLowerCase() === lower)?.[1] ?? [];
}

async function bodyOf(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += chunk.length;
    if (size > MAX_READ_BYTES) throw new Error('The client sends without end.');
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

/** A semicolon also separates parameters (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html). */
function queryOf(raw: string): MultiValues {
  return grouped([...new URLSearchParams(raw.replaceAll(';', '&'))], (name) => name);
}

function headersOf(raw: readonly string[]): MultiValues {
  const pairs = raw.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : [],
  );
  return grouped(pairs, (name) => name.toLowerCase());
}

function grouped(
  pairs: readonly (readonly [string, string])[],
  keyOf: (name: string) => string,
): MultiValues {
  const groups = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const [name, value] of pairs) {
    const group = groups.get(keyOf(name));
    if (group) group.values.push(value);
    else groups.set(keyOf(name), { name, values: [value] });
  }
  return new Map([...groups.values()].map(({ name, values }) => [name, values]));
}
