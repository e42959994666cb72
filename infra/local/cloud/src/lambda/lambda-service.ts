/** The local Lambda service: runs each function's bundle in separate processes. */
import type { Clock } from '../clock.ts';
import {
  type InvocationResult,
  type Invoker,
  type LocalFunction,
  UnknownFunctionError,
} from '../types.ts';
import { FunctionPool, type Invocation } from './function-pool.ts';
import { longestChain, loopRefusal, nextLineage } from './lineage.ts';
import { checkNodeVersion } from './node-version.ts';

export type { Invocation } from './function-pool.ts';

/** How the service runs. */
export interface LambdaServiceOptions {
  readonly functions: readonly LocalFunction[];
  /** Address of the AWS services. */
  readonly awsEndpointUrl: string;
  readonly clock: Clock;
  /** Set for every function, over the template's own. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Processes of one function at once; further invocations wait their turn. @default 10 */
  readonly maxConcurrency?: number;
  /** Real time after which an idle process ends, milliseconds. @default 30000 */
  readonly idleMs?: number;
  /** Called for each line that a function writes. */
  readonly onLine?: (fn: LocalFunction, line: string) => void;
  /** Called after each invocation. */
  readonly onInvocation?: (invocation: Invocation) => void;
}

/** A service that invokes functions. */
export interface LambdaService extends Invoker {
  /** The functions that later invocations run. */
  readonly functions: readonly LocalFunction[];
  /**
   * Runs later invocations with the bundle that is on the disk now; running ones go on.
   *
   * @param name - as in `invoke`
   * @throws UnknownFunctionError
   */
  reload(name: string): Promise<void>;
  /**
   * Runs later invocations of the function of the same name with this one; running ones go on.
   *
   * @throws UnknownFunctionError
   */
  replace(fn: LocalFunction): Promise<void>;
  /**
   * Ids of the running processes.
   *
   * @param name - of a function, as in `invoke`. @default all
   * @throws UnknownFunctionError
   */
  pids(name?: string): number[];
  /** Kills every process, the busy ones too; waiting invocations fail. */
  close(): Promise<void>;
}

/** Longest event of a synchronous invocation, bytes. */
const MAX_EVENT_BYTES = 6 * 2 ** 20;

/**
 * Starts the service. Processes start on demand, and end when they have been idle for a while.
 *
 * @throws Error when Node.js is older than the functions' runtime
 */
export function startLambdaService(options: LambdaServiceOptions): LambdaService {
  checkNodeVersion(process.versions.node);
  const pools = options.functions.map((fn) => new FunctionPool(fn, poolOptions(options)));
  const poolOf = (name: string) => {
    const pool = pools.find(({ fn }) => [fn.logicalId, fn.name, fn.arn].includes(name));
    if (!pool) throw new UnknownFunctionError(`there is no function ${name}`);
    return pool;
  };
  return {
    get functions() {
      return pools.map(({ fn }) => fn);
    },
    async invoke(name, payload, traceHeaders = []) {
      const pool = poolOf(name);
      if (Buffer.byteLength(payload) > MAX_EVENT_BYTES) return TOO_LARGE;
      const traceHeader = longestChain(traceHeaders, pool.fn);
      const refusal = loopRefusal(traceHeader, pool.fn);
      if (refusal?.status === 'failed') options.onLine?.(pool.fn, refusal.error.errorMessage);
      return refusal ?? pool.invoke(payload, nextLineage(traceHeader, pool.fn));
    },
    async reload(name) {
      const pool = poolOf(name);
      await pool.replace(pool.fn);
    },
    async replace(fn) {
      await poolOf(fn.name).replace(fn);
    },
    pids: (name) => (name === undefined ? pools : [poolOf(name)]).flatMap((pool) => pool.pids),
    async close() {
      await Promise.all(pools.map((pool) => pool.close()));
    },
  };
}

/** As Lambda words it; API Gateway and the SDK check sizes before, each in its own way. */
const TOO_LARGE: InvocationResult = {
  status: 'failed',
  error: {
    errorType: 'RequestTooLargeException',
    errorMessage: `Request must be smaller than ${MAX_EVENT_BYTES} bytes for the InvokeFunction operation`,
  },
};

function poolOptions({ clock, awsEndpointUrl, ...options }: LambdaServiceOptions) {
  return {
    clock,
    awsEndpointUrl,
    extra: options.environment ?? {},
    maxConcurrency: options.maxConcurrency ?? 10,
    idleMs: options.idleMs ?? 30_000,
    onLine: options.onLine ?? (() => undefined),
    onInvocation: options.onInvocation ?? (() => undefined),
  };
}
