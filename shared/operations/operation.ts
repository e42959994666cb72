/** What an operation consists of outside its logic; `catalogue.ts` lists the operations. */
import type * as z from 'zod/mini';
import type { ErrorName } from '../errors.ts';
import type { Outputs } from './outputs.ts';

/** A parameter of an HTTP route. */
export interface RouteParameter {
  /** Name in the path or query string. */
  readonly name: string;
  readonly in: 'path' | 'query';
  /** Properties of the direct input that the parameter can fill: the first whose schema accepts it. */
  readonly fills: readonly string[];
}

/** How an operation is reached over HTTP. */
export interface Route {
  /** HTTP method. A POST takes the direct input as its JSON body. */
  readonly method: 'GET' | 'POST';
  /** Path template below the stage, for example `/files/{resource}`. */
  readonly path: string;
  /** Path and query parameters; empty for a POST. */
  readonly parameters: readonly RouteParameter[];
}

/** One operation. */
export interface Operation<Input extends z.ZodMiniType = z.ZodMiniType> {
  /** Name in logs, `operationId` in the OpenAPI document, key of its output, for example `ip_reputation`. */
  readonly name: keyof Outputs;
  /** Construct id and prefix of the stack's output, for example `IpReputation`. */
  readonly id: string;
  /** Stem of the function's file and of the operation's folder, for example `ip-reputation`. */
  readonly stem: string;
  /** One line for tables. */
  readonly summary: string;
  /** What it does, for the OpenAPI document. */
  readonly description: string;
  readonly route: Route;
  /** Schema of the direct input. */
  readonly input: Input;
  /** Names of the errors that the operation can end with. */
  readonly errors: readonly ErrorName[];
  /** A direct input that works against the simulator (for `submit_sample`, once the object exists). */
  readonly example: Readonly<Record<string, unknown>>;
}

/** Errors of every operation that sends a request to VirusTotal. */
export const virusTotalErrors: readonly ErrorName[] = [
  'InvalidInputError',
  'QuotaExceededError',
  'ApiKeyError',
  'ForbiddenByVirusTotalError',
  'UpstreamError',
  'UpstreamUnavailableError',
  'UpstreamTimeoutError',
];

/** The query parameter that limits the upstream calls. */
export const detailsParameter: RouteParameter = {
  name: 'details',
  in: 'query',
  fills: ['details'],
};
/** The query parameter that says whether the answer may come from the cache. */
export const cacheParameter: RouteParameter = { name: 'cache', in: 'query', fills: ['cache'] };
/** The query parameter that chooses the verdict policy. */
export const policyParameter: RouteParameter = { name: 'policy', in: 'query', fills: ['policy'] };
