/** What all routes share, and what one request is to them. */
import type { World } from '../world/world.ts';
import type { Account } from './accounts.ts';
import type { Answer } from './answer.ts';
import type { RequestBody } from './body.ts';
import type { Faults } from './faults.ts';
import type { RecordedRequest, Recorder } from './recorder.ts';

/** The simulated VirusTotal behind the routes. */
export interface Service {
  world: World;
  accounts: ReadonlyMap<string, Account>;
  /** Upload URLs that were given out and not yet used. */
  readonly uploadTokens: Set<string>;
  readonly faults: Faults;
  readonly recorder: Recorder;
  /** Whether a file or URL is 404 (`absent`) or without report (`bare`) until its first report. */
  readonly unfinished: 'absent' | 'bare';
  /** Scheme, host and port, known once the server listens. */
  origin: string;
}

/** A request with a right key. */
export interface Asked {
  readonly service: Service;
  readonly account: Account;
  /** Parameters of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly contentType: string;
  /** Bytes, as the client announced; NaN when it did not. */
  readonly contentLength: number;
  readonly body: RequestBody;
  readonly record: RecordedRequest;
  /** @throws Refusal 429 when the quota is used up */
  charge(): void;
}

/** One route of the API. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** In the router's form, `:name` for a parameter. */
  readonly path: string;
  readonly handle: (asked: Asked) => Answer | Promise<Answer>;
}
