/** The processes of one function: so many at once, kept for the invocations that follow. */
import { randomUUID } from 'node:crypto';
import type { InvocationResult, LocalFunction } from '../types.ts';
import { Sandbox, type SandboxOptions } from './sandbox.ts';

/** What is the same for all functions of a run. */
export interface FunctionPoolOptions extends Omit<SandboxOptions, 'onLine'> {
  /** Processes at once; further invocations wait, first come, first served. */
  readonly maxConcurrency: number;
  readonly onLine: (fn: LocalFunction, line: string) => void;
  /** Told of every invocation that has ended. */
  readonly onInvocation: (invocation: Invocation) => void;
}

/** An invocation that has ended. */
export interface Invocation {
  readonly fn: LocalFunction;
  readonly requestId: string;
  /** On the run's clock, milliseconds; the start of a process included. */
  readonly durationMs: number;
  /** Whether a process had to be started for it. */
  readonly isCold: boolean;
  readonly result: InvocationResult;
}

/** What whoever still waits is told at the end. */
const CLOSING: InvocationResult = {
  status: 'failed',
  error: {
    errorType: 'Lambda.ServiceException',
    errorMessage: 'the local Lambda service has been closed',
  },
};

/** Invokes one function. */
export class FunctionPool {
  #fn: LocalFunction;
  readonly #options: FunctionPoolOptions;
  readonly #idle: Sandbox[] = [];
  readonly #busy = new Set<Sandbox>();
  readonly #invocations = new Set<Promise<unknown>>();
  readonly #queue: (() => void)[] = [];
  #places = 0;
  /** Counts the replacements: a process of an earlier one is not used again. */
  #generation = 0;
  #isClosed = false;

  constructor(fn: LocalFunction, options: FunctionPoolOptions) {
    this.#fn = fn;
    this.#options = options;
  }

  /** The function, as the next invocations run it. */
  get fn(): LocalFunction {
    return this.#fn;
  }

  /** Ids of the processes that run. */
  get pids(): number[] {
    return [...this.#idle, ...this.#busy].flatMap(({ pid, isEnded }) =>
      pid === undefined || isEnded ? [] : [pid],
    );
  }

  /** Invokes as soon as there is a place. @param payload - JSON text */
  async invoke(payload: string): Promise<InvocationResult> {
    await this.#takePlace();
    const invocation = this.#invokeNow(payload);
    this.#invocations.add(invocation);
    try {
      return await invocation;
    } finally {
      this.#invocations.delete(invocation);
      this.#givePlaceBack();
    }
  }

  /** Idle processes end at once, busy ones after their invocation; the next invocations run this. */
  async replace(fn: LocalFunction): Promise<void> {
    this.#fn = fn;
    this.#generation += 1;
    await Promise.all(this.#idle.splice(0).map((sandbox) => sandbox.end()));
  }

  /** Ends every process, whatever it is doing, and lets no other start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#idle.splice(0), ...this.#busy].map((sandbox) => sandbox.end()));
    // One that was just starting ends with its invocation.
    await Promise.allSettled(this.#invocations);
  }

  async #invokeNow(payload: string): Promise<InvocationResult> {
    const startedAt = this.#options.clock.now();
    const requestId = randomUUID();
    while (!this.#isClosed) {
      const fn = this.#fn;
      const kept = this.#takeKept();
      const result = await this.#invokeIn(kept, requestId, payload);
      // A kept process that ended before it took the invocation: another one takes it.
      if (result === undefined) continue;
      const durationMs = this.#options.clock.now() - startedAt;
      this.#options.onInvocation({ fn, requestId, durationMs, isCold: !kept, result });
      return result;
    }
    return CLOSING;
  }

  async #invokeIn(
    kept: Sandbox | undefined,
    requestId: string,
    payload: string,
  ): Promise<InvocationResult | undefined> {
    const generation = this.#generation;
    const sandbox = kept ?? (await this.#start());
    this.#busy.add(sandbox);
    try {
      return this.#isClosed ? undefined : await sandbox.invoke(requestId, payload);
    } finally {
      this.#busy.delete(sandbox);
      const isKept = !sandbox.isEnded && !this.#isClosed && generation === this.#generation;
      if (isKept) this.#idle.push(sandbox);
      else await sandbox.end();
    }
  }

  #start(): Promise<Sandbox> {
    const fn = this.#fn;
    return Sandbox.start(fn, {
      ...this.#options,
      onLine: (line) => this.#options.onLine(fn, line),
    });
  }

  /** The process that was used last; one that has ended while it waited is passed over. */
  #takeKept(): Sandbox | undefined {
    let sandbox = this.#idle.pop();
    while (sandbox?.isEnded) sandbox = this.#idle.pop();
    return sandbox;
  }

  async #takePlace(): Promise<void> {
    if (this.#places < this.#options.maxConcurrency) this.#places += 1;
    // Whoever leaves hands its place over.
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  #givePlaceBack(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#places -= 1;
  }
}
