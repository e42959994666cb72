/** What the simulator was asked: everything but keys. */

/** A request that came. */
export interface RecordedRequest {
  readonly method: string;
  /** With `/api/v3`, without query; a key in it is `{apikey}`. */
  readonly path: string;
  /** Without `?`; a key in it is `{apikey}`. */
  readonly query: string;
  /** Names of the headers, in lower case, sorted. */
  readonly headerNames: readonly string[];
  /** Whether the key is one that the simulator knows; null when there was none. */
  readonly isKeyRight: boolean | null;
  /** null while there is no answer, and for ever when a fault withheld it. */
  status: number | null;
  /** Bytes of the body that were read. */
  bytes: number;
  /** The part `file` of a multipart form. */
  file?: { readonly name: string; readonly size: number; readonly sha256: string };
  /** The field `url` of a form. */
  submittedUrl?: string;
}

/** How many requests are remembered. */
const MAX_REQUESTS = 10_000;

/** Remembers requests. */
export class Recorder {
  readonly requests: RecordedRequest[] = [];

  /** Remembers a request; the caller fills in what becomes known later. */
  add(request: RecordedRequest): RecordedRequest {
    this.requests.push(request);
    if (this.requests.length > MAX_REQUESTS) this.requests.shift();
    return request;
  }

  /** Forgets all. */
  clear(): void {
    this.requests.length = 0;
  }
}

/** One line for a terminal. */
export function lineOf({ method, path, query, status, bytes }: RecordedRequest): string {
  const size = bytes ? ` (${bytes} bytes)` : '';
  return `${method} ${path}${query && `?${query}`}${size} -> ${status ?? 'no answer'}`;
}
