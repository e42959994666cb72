/** Records requests, without keys. */

/** A recorded request. */
export interface RecordedRequest {
  readonly method: string;
  /** With `/api/v3`, without query; a key in it is `{apikey}`. */
  readonly path: string;
  /** Without `?`; a key in it is `{apikey}`. */
  readonly query: string;
  /** Names of the headers, in lower case, sorted. */
  readonly headerNames: readonly string[];
  /** Whether the key is valid; null without a key. */
  readonly isKeyRight: boolean | null;
  /** null until the answer is sent, and if a fault prevents it. */
  status: number | null;
  /** Bytes of the body that were read. */
  bytes: number;
  /** The part `file` of a multipart form. */
  file?: { readonly name: string; readonly size: number; readonly sha256: string };
  /** The field `url` of a form. */
  submittedUrl?: string;
}

/** Older requests are dropped. */
const MAX_REQUESTS = 10_000;

/** The recorded requests. */
export class Recorder {
  readonly requests: RecordedRequest[] = [];

  /** Records a request; the caller completes it later. */
  add(request: RecordedRequest): RecordedRequest {
    this.requests.push(request);
    if (this.requests.length > MAX_REQUESTS) this.requests.shift();
    return request;
  }

  /** Removes all requests. */
  clear(): void {
    this.requests.length = 0;
  }
}

/** Returns a line for a terminal. */
export function lineOf({ method, path, query, status, bytes }: RecordedRequest): string {
  const size = bytes ? ` (${bytes} bytes)` : '';
  return `${method} ${path}${query && `?${query}`}${size} -> ${status ?? 'no answer'}`;
}
