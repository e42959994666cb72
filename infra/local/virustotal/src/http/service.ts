/** What routes work with. */
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
  /** Tokens of the unused upload URLs. */
  readonly uploadTokens: Set<string>;
  readonly faults: Faults;
  readonly recorder: Recorder;
  /** What a new file or URL is until its first report: 404 (`absent`), or without a report (`bare`). */
  readonly unfinished: 'absent' | 'bare';
  /** Scheme, host and port, known once the server listens. */
  origin: string;
}

/** A request with a valid key. */
export interface ApiRequest {
  readonly service: Service;
  readonly account: Account;
  /** Parameters of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly contentType: string;
  /** Bytes; NaN if the client did not announce them. */
  readonly contentLength: number;
  readonly body: RequestBody;
  readonly record: RecordedRequest;
  /** Charges the quota. @throws Refusal 429 when it is exhausted */
  charge(): void;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One route of the API. */
export interface Route {
  readonly method: Method | readonly Method[];
  /** With `:name` for a parameter, and `*` for the rest of a path. */
  readonly path: string;
  readonly handle: (request: ApiRequest) => Answer | Promise<Answer>;
}
