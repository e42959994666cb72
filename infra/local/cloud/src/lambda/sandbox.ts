/** One process of one function, which handles one invocation at a time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { answerTimeout, type Clock, workTimeout } from '../clock.ts';
import type { InvocationResult, LambdaError, LocalFunction } from '../types.ts';
import { type EnvironmentOptions, environmentOf } from './environment.ts';
import { type Assignment, type RuntimeApi, startRuntimeApi } from './runtime-api.ts';

/** Options of a sandbox. */
export interface SandboxOptions extends Omit<EnvironmentOptions, 'clock'> {
  readonly clock: Clock;
  /** Called for each line that the process writes. */
  readonly onLine: (line: string) => void;
}

/** What a process is given. */
export type SandboxWork = Pick<Assignment, 'requestId' | 'payload' | 'lineage'>;

interface Running {
  readonly requestId: string;
  readonly finish: (result: InvocationResult | undefined) => void;
  readonly timer: NodeJS.Timeout;
  /** Whether the process has received it. */
  readonly isAssigned: boolean;
}

/**
 * Time for the module to load, milliseconds. Lambda then starts over, within the invocation's timeout;
 * here the same process continues.
 */
const INIT_TIMEOUT_MS = 10_000;

/** A process that runs one function's bundle under AWS's runtime interface client. */
export class Sandbox {
  readonly pid: number | undefined;
  readonly #fn: LocalFunction;
  readonly #clock: Clock;
  readonly #process: ChildProcess;
  readonly #api: RuntimeApi;
  readonly #exited: Promise<unknown>;
  #assign: ((assignment: Assignment) => void) | undefined;
  #waiting: (() => void) | undefined;
  #running: Running | undefined;
  #initError: LambdaError | undefined;
  #hasLoaded = false;
  #isEnded = false;

  private constructor(
    fn: LocalFunction,
    options: SandboxOptions,
    api: RuntimeApi,
    process: ChildProcess,
  ) {
    this.#fn = fn;
    this.#clock = options.clock;
    this.#api = api;
    this.#process = process;
    this.pid = process.pid;
    // Not `once` of node:events, which rejects when the process cannot be started.
    this.#exited = new Promise((resolve) => process.once('close', resolve));
    for (const stream of [process.stdout, process.stderr]) {
      if (stream) createInterface(stream).on('line', options.onLine);
    }
    process.once('error', (error) => this.#exit(` with error: ${error.message}`));
    process.once('exit', (code, signal) => this.#exit(exitReason(code, signal)));
  }

  /** Starts a process, which begins to load its module. */
  static async start(fn: LocalFunction, options: SandboxOptions): Promise<Sandbox> {
    let sandbox: Sandbox | undefined;
    const api = await startRuntimeApi({
      onReady: (assign) => {
        if (sandbox) sandbox.#ready(assign);
      },
      onResult: (requestId, result) => {
        if (sandbox) sandbox.#result(requestId, result);
      },
      onInitError: (error) => {
        if (sandbox) sandbox.#initError = error;
      },
    });
    const process_ = spawn(
      process.execPath,
      [`--max-old-space-size=${fn.memoryMiB}`, join(import.meta.dirname, './bootstrap.mjs')],
      {
        cwd: fn.directory,
        env: environmentOf(fn, api.address, { ...options, clock: options.clock.setting }),
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    sandbox = new Sandbox(fn, options, api, process_);
    return sandbox;
  }

  /** Whether the process has ended or is about to. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /**
   * Invokes the function as soon as its module has loaded.
   *
   * @returns undefined when the process ended after an earlier invocation, before it received this one
   */
  invoke(work: SandboxWork): Promise<InvocationResult | undefined> {
    const { requestId } = work;
    return new Promise((finish) => {
      const leftMs = workTimeout(this.#fn.timeoutMs, this.#clock);
      const realLeftMs = (leftMs + answerTimeout(this.#clock)) / this.#clock.setting.speed;
      const init = setTimeout(() => this.#timeout(), INIT_TIMEOUT_MS + realLeftMs);
      this.#running = { requestId, finish, timer: init, isAssigned: false };
      this.#whenReady((assign) => {
        clearTimeout(init);
        const timer = setTimeout(() => this.#timeout(), realLeftMs);
        this.#running = { requestId, finish, timer, isAssigned: true };
        const deadline = this.#clock.now() + leftMs;
        const { skippedMs = 0 } = this.#clock.setting;
        assign({ ...work, functionArn: this.#fn.arn, deadline, skippedMs });
      });
    });
  }

  /** Kills the process, even a busy one, and waits until it is gone. */
  async end(): Promise<void> {
    this.#isEnded = true;
    this.#process.kill('SIGKILL');
    this.#api.close();
    await this.#exited;
  }

  #whenReady(handle: (assign: (assignment: Assignment) => void) => void): void {
    if (this.#isEnded) {
      this.#exit(exitReason(1, null));
      return;
    }
    const go = () => {
      const assign = this.#assign;
      this.#assign = undefined;
      if (assign) handle(assign);
    };
    if (this.#assign) go();
    else this.#waiting = go;
  }

  #ready(assign: (assignment: Assignment) => void): void {
    this.#assign = assign;
    this.#hasLoaded = true;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }

  #result(requestId: string, result: InvocationResult): void {
    if (this.#running?.requestId === requestId) this.#finish(result);
  }

  #finish(result: InvocationResult | undefined): void {
    const running = this.#running;
    this.#running = undefined;
    if (!running) return;
    clearTimeout(running.timer);
    running.finish(result);
  }

  #timeout(): void {
    const seconds = (this.#fn.timeoutMs / 1000).toFixed(2);
    const errorMessage = `RequestId: ${this.#running?.requestId} Error: Task timed out after ${seconds} seconds`;
    this.#isEnded = true;
    this.#finish({ status: 'failed', error: { errorType: 'Sandbox.Timedout', errorMessage } });
    this.#process.kill('SIGKILL');
  }

  #exit(reason: string): void {
    this.#isEnded = true;
    this.#api.close();
    const isMissed = this.#hasLoaded && this.#running?.isAssigned === false;
    const errorMessage = `RequestId: ${this.#running?.requestId} Error: Runtime exited${reason}`;
    const error = this.#initError ?? { errorType: 'Runtime.ExitError', errorMessage };
    this.#finish(isMissed ? undefined : { status: 'failed', error });
  }
}

/** Why a process ended, as Lambda words it (in the words of Go). */
function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return ` with error: signal: ${signalNames.get(signal) ?? signal}`;
  return code === 0 ? ' without providing a reason' : ` with error: exit status ${code}`;
}

/** V8 aborts when its heap is full; the system kills when its memory is. */
const signalNames = new Map<NodeJS.Signals, string>([
  ['SIGKILL', 'killed'],
  ['SIGABRT', 'aborted (core dumped)'],
  ['SIGSEGV', 'segmentation fault (core dumped)'],
]);
