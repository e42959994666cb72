/** The local Lambda service: each function's bundle in processes of its own. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import {
  type InvocationResult,
  type Invoker,
  type LocalFunction,
  UnknownFunctionError,
} from '../types.ts';
import { Sandbox } from './sandbox.ts';

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
  /** Gets every line that a function writes. @default nobody */
  readonly onLine?: (fn: LocalFunction, line: string) => void;
  /** Told of every invocation that has ended. @default nobody */
  readonly onInvocation?: (invocation: Invocation) => void;
}

/** An invocation that has ended. */
export interface Invocation {
  readonly fn: LocalFunction;
  readonly requestId: string;
  /** On the run's clock, milliseconds. */
  readonly durationMs: number;
  /** Whether a process had to be started for it. */
  readonly isCold: boolean;
  readonly result: InvocationResult;
}

/** A service that invokes functions. */
export interface LambdaService extends Invoker {
  readonly functions: readonly LocalFunction[];
  /** The next invocations run the bundle as it is on the disk now. */
  reload(name: string): Promise<void>;
  /** Process ids of all that runs. */
  pids(): number[];
  /** Ends every process. */
  close(): Promise<void>;
}

interface Pool {
  readonly fn: LocalFunction;
  readonly idle: Sandbox[];
  readonly busy: Set<Sandbox>;
  readonly queue: (() => void)[];
  /** Counts the reloads: a process of an earlier one is not used again. */
  generation: number;
  /** Invocations that hold a place. */
  places: number;
}

const MIN_NODE = 22;

/**
 * Starts the service; processes start when they are needed.
 *
 * @throws Error when Node.js is too old for the runtime interface client
 */
export function startLambdaService(options: LambdaServiceOptions): LambdaService {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < MIN_NODE) {
    throw new Error(
      `functions run on Node.js 24: got ${process.version}; start this by npm, which brings it`,
    );
  }
  const pools = options.functions.map(
    (fn): Pool => ({ fn, idle: [], busy: new Set(), queue: [], generation: 0, places: 0 }),
  );
  const poolOf = (name: string) => {
    const pool = pools.find(({ fn }) => [fn.logicalId, fn.name, fn.arn].includes(name));
    if (!pool) throw new UnknownFunctionError(`there is no function ${name}`);
    return pool;
  };
  return {
    functions: options.functions,
    invoke: async (name, payload) => invoke(options, poolOf(name), payload),
    async reload(name) {
      const pool = poolOf(name);
      pool.generation += 1;
      await Promise.all(pool.idle.splice(0).map((sandbox) => sandbox.end()));
    },
    pids: () =>
      pools
        .flatMap(({ idle, busy }) => [...idle, ...busy])
        .flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    async close() {
      const all = pools.flatMap(({ idle, busy }) => [...idle.splice(0), ...busy]);
      await Promise.all(all.map((sandbox) => sandbox.end()));
    },
  };
}

async function invoke(
  options: LambdaServiceOptions,
  pool: Pool,
  payload: string,
): Promise<InvocationResult> {
  await takePlace(pool, options.maxConcurrency ?? 10);
  try {
    return await invokeIn(options, pool, payload);
  } finally {
    givePlaceBack(pool);
  }
}

async function invokeIn(
  options: LambdaServiceOptions,
  pool: Pool,
  payload: string,
): Promise<InvocationResult> {
  const { generation, fn } = pool;
  const requestId = randomUUID();
  const startedAt = options.clock.now();
  const kept = keptSandbox(pool);
  const sandbox = kept ?? (await startSandbox(options, fn));
  pool.busy.add(sandbox);
  try {
    const result = await sandbox.invoke(requestId, payload);
    const durationMs = options.clock.now() - startedAt;
    options.onInvocation?.({ fn, requestId, durationMs, isCold: !kept, result });
    return result;
  } finally {
    pool.busy.delete(sandbox);
    if (sandbox.isEnded || generation !== pool.generation) await sandbox.end();
    else pool.idle.push(sandbox);
  }
}

/** A process that waits; one that has ended while it waited is passed over. */
function keptSandbox({ idle }: Pool): Sandbox | undefined {
  let sandbox = idle.pop();
  while (sandbox?.isEnded) sandbox = idle.pop();
  return sandbox;
}

function startSandbox(options: LambdaServiceOptions, fn: LocalFunction): Promise<Sandbox> {
  return Sandbox.start(fn, {
    awsEndpointUrl: options.awsEndpointUrl,
    clock: options.clock,
    extra: options.environment ?? {},
    onLine: (line) => options.onLine?.(fn, line),
  });
}

async function takePlace(pool: Pool, most: number): Promise<void> {
  if (pool.places < most) pool.places += 1;
  // Whoever leaves hands its place over.
  else await new Promise<void>((resolve) => pool.queue.push(resolve));
}

function givePlaceBack(pool: Pool): void {
  const next = pool.queue.shift();
  if (next) next();
  else pool.places -= 1;
}
