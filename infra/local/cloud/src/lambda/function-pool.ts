/** The processes of one function: at most so many at once, reused by later invocations. */
import { randomUUID } from 'node:crypto';
import type { InvocationResult, LocalFunction } from '../types.ts';
import { IdleSandboxes } from './idle-sandboxes.ts';
import { Sandbox, type SandboxOptions, type SandboxWork } from './sandbox.ts';

/** What is the same for all functions of a run. */
export interface FunctionPoolOptions extends Omit<SandboxOptions, 'onLine'> {
  /** Processes at once; further invocations wait, first come, first served. */
  readonly maxConcurrency: number;
  /** Real time after which an idle process ends, milliseconds. */
  readonly idleMs: number;
  readonly onLine: (fn: LocalFunction, line: string) => void;
  /** Called after each invocation. */
  readonly onInvocation: (invocation: Invocation) => void;
}

/** An invocation that has ended. */
export interface Invocation {
  readonly fn: LocalFunction;
  readonly requestId: string;
  /** On the run's clock, milliseconds; includes the cold start. */
  readonly durationMs: number;
  /** Whether a process had to be started for it. */
  readonly isCold: boolean;
  readonly result: InvocationResult;
}

/** Result of the invocations that still wait when the service closes. */
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
  readonly #idle: IdleSandboxes;
  readonly #busy = new Set<Sandbox>();
  readonly #invocations = new Set<Promise<unknown>>();
  readonly #queue: (() => void)[] = [];
  #slots = 0;
  /** Counts the replacements: processes of an earlier generation are not reused. */
  #generation = 0;
  #isClosed = false;

  constructor(fn: LocalFunction, options: FunctionPoolOptions) {
    this.#fn = fn;
    this.#options = options;
    this.#idle = new IdleSandboxes(options.idleMs);
  }

  /** The function, as the next invocations run it. */
  get fn(): LocalFunction {
    return this.#fn;
  }

  /** Ids of the running processes. */
  get pids(): number[] {
    return [...this.#idle.sandboxes, ...this.#busy].flatMap(({ pid, isEnded }) =>
      pid === undefined || isEnded ? [] : [pid],
    );
  }

  /**
   * Invokes as soon as a process is free.
   *
   * @param payload - JSON text
   * @param lineage - end of the trace header
   */
  async invoke(payload: string, lineage: string): Promise<InvocationResult> {
    const release = this.#options.clock.hold?.();
    await this.#acquireSlot();
    const invocation = this.#invokeNow({ requestId: randomUUID(), payload, lineage });
    this.#invocations.add(invocation);
    try {
      return await invocation;
    } finally {
      this.#invocations.delete(invocation);
      this.#releaseSlot();
      release?.();
    }
  }

  /** Runs later invocations with this function; idle processes end now, busy ones after their invocation. */
  async replace(fn: LocalFunction): Promise<void> {
    this.#fn = fn;
    this.#generation += 1;
    await this.#idle.endAll();
  }

  /** Kills every process, the busy ones too, and starts no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const busy = [...this.#busy].map((sandbox) => sandbox.end());
    await Promise.all([this.#idle.endAll(), ...busy]);
    // A process that is starting ends with its invocation.
    await Promise.allSettled(this.#invocations);
  }

  async #invokeNow(work: SandboxWork): Promise<InvocationResult> {
    const startedAt = this.#options.clock.now();
    const { requestId } = work;
    while (!this.#isClosed) {
      const fn = this.#fn;
      const kept = this.#idle.take();
      const result = await this.#invokeIn(kept, work);
      // The kept process ended before it received the invocation: try another one.
      if (result === undefined) continue;
      const durationMs = this.#options.clock.now() - startedAt;
      this.#options.onInvocation({ fn, requestId, durationMs, isCold: !kept, result });
      return result;
    }
    return CLOSING;
  }

  async #invokeIn(
    kept: Sandbox | undefined,
    work: SandboxWork,
  ): Promise<InvocationResult | undefined> {
    const generation = this.#generation;
    const sandbox = kept ?? (await this.#start());
    this.#busy.add(sandbox);
    try {
      return this.#isClosed ? undefined : await sandbox.invoke(work);
    } finally {
      this.#busy.delete(sandbox);
      const isKept = !sandbox.isEnded && !this.#isClosed && generation === this.#generation;
      if (isKept) this.#idle.add(sandbox);
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

  async #acquireSlot(): Promise<void> {
    if (this.#slots < this.#options.maxConcurrency) this.#slots += 1;
    // A finished invocation hands its slot over.
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  #releaseSlot(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#slots -= 1;
  }
}
