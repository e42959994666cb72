/** Functions for load tests: one process for each function, which takes any number of invocations at once. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { environmentOf } from '../lambda/environment.ts';
import {
  type InvocationResult,
  type Invoker,
  type LocalFunction,
  UnknownFunctionError,
} from '../types.ts';

/** Options of `UnboundedFunctions`. */
export interface UnboundedFunctionsOptions {
  /** Sets the `Date` of a function at each call. */
  readonly clock: Clock;
  /** Set for every function, over the template's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Time that every invocation has, milliseconds. @default the function's own timeout */
  readonly timeoutMs?: number | undefined;
  /** Error of the clock of a function, milliseconds. @default none */
  readonly skewMs?: ((fn: LocalFunction) => number) | undefined;
}

/** What a process is asked, as JSON. */
interface UnboundedCall {
  readonly id: number;
  /** JSON text. */
  readonly payload: string;
  readonly functionArn: string;
  /** Time of the clock, epoch milliseconds. */
  readonly now: number;
  /** Time that Lambda leaves, milliseconds. */
  readonly timeoutMs: number;
}

/** What it answers, as JSON. */
interface UnboundedAnswer {
  readonly id: number;
  readonly result: InvocationResult;
}

/**
 * Invokes functions as Lambda does with unlimited concurrency, where a process for each invocation would be too
 * much for one machine: the bundle is loaded once, and its handler is called again before it has answered.
 * What AWS keeps apart, these invocations share: the module's clients, caches and sockets. An invocation has its
 * deadline, but is not ended at it, since that would end the others too.
 */
export class UnboundedFunctions implements Invoker {
  readonly #options: UnboundedFunctionsOptions;
  readonly #processes: FunctionProcess[] = [];

  constructor(options: UnboundedFunctionsOptions) {
    this.#options = options;
  }

  /** Starts the processes of these functions when they are first invoked. */
  serve(functions: readonly LocalFunction[], awsEndpointUrl: string): void {
    const { clock, environment: extra } = this.#options;
    const options = { awsEndpointUrl, clock: clock.setting, extra };
    const { timeoutMs, skewMs = () => 0 } = this.#options;
    const processes = functions.map((fn) => {
      const nowThere = () => clock.now() + skewMs(fn);
      return new FunctionProcess(
        { ...fn, timeoutMs: timeoutMs ?? fn.timeoutMs },
        nowThere,
        options,
      );
    });
    this.#processes.push(...processes);
  }

  /** The most invocations of a function that ran at the same time. */
  mostAtOnce(name: string): number {
    return this.#processOf(name).mostAtOnce;
  }

  async invoke(name: string, payload: string): Promise<InvocationResult> {
    return this.#processOf(name).invoke(payload);
  }

  /** Kills the processes. */
  async close(): Promise<void> {
    await Promise.all(this.#processes.map((one) => one.close()));
  }

  #processOf(name: string): FunctionProcess {
    const found = this.#processes.find(({ fn }) => [fn.logicalId, fn.name, fn.arn].includes(name));
    if (!found) throw new UnknownFunctionError(`there is no function ${name}`);
    return found;
  }
}

type Settle = (result: InvocationResult) => void;

class FunctionProcess {
  readonly fn: LocalFunction;
  mostAtOnce = 0;
  readonly #now: () => number;
  readonly #environment: Parameters<typeof environmentOf>[2];
  readonly #running = new Map<number, Settle>();
  #process: ChildProcess | undefined;
  #calls = 0;

  constructor(
    fn: LocalFunction,
    now: () => number,
    environment: Parameters<typeof environmentOf>[2],
  ) {
    this.fn = fn;
    this.#now = now;
    this.#environment = environment;
  }

  invoke(payload: string): Promise<InvocationResult> {
    this.#process ??= this.#start();
    this.#calls += 1;
    const call: UnboundedCall = {
      id: this.#calls,
      payload,
      functionArn: this.fn.arn,
      now: this.#now(),
      timeoutMs: this.fn.timeoutMs,
    };
    const answer = new Promise<InvocationResult>((settle) => this.#running.set(call.id, settle));
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#running.size);
    this.#process.send(JSON.stringify(call));
    return answer;
  }

  async close(): Promise<void> {
    const process = this.#process;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const ended = once(process, 'exit');
    process.kill('SIGKILL');
    await ended;
  }

  #start(): ChildProcess {
    const child = fork(join(import.meta.dirname, 'unbounded-bootstrap.mjs'), {
      cwd: this.fn.directory,
      env: environmentOf(this.fn, 'none', this.#environment),
      // Log lines are not read: a test judges what the functions did.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (text) => {
      const { id, result }: UnboundedAnswer = JSON.parse(String(text));
      this.#settle(id, result);
    });
    child.once('exit', () => {
      const error = { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited' };
      for (const id of this.#running.keys()) this.#settle(id, { status: 'failed', error });
    });
    return child;
  }

  #settle(id: number, result: InvocationResult): void {
    const settle = this.#running.get(id);
    this.#running.delete(id);
    settle?.(result);
  }
}
