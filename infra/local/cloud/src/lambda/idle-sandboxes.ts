/** The idle processes of one function, kept for the next invocations. */
import type { Sandbox } from './sandbox.ts';

/** Keeps idle processes for a while, then ends them: a process takes about 60 MB. */
export class IdleSandboxes {
  readonly #idleMs: number;
  readonly #timers = new Map<Sandbox, NodeJS.Timeout>();
  readonly #ending = new Set<Promise<void>>();

  /** @param idleMs - real time after which an idle process ends, milliseconds */
  constructor(idleMs: number) {
    this.#idleMs = idleMs;
  }

  /** The processes, least recently used first. */
  get sandboxes(): readonly Sandbox[] {
    return [...this.#timers.keys()];
  }

  /** Keeps a process for the next invocation. */
  add(sandbox: Sandbox): void {
    const timer = setTimeout(() => this.#end(sandbox), this.#idleMs);
    this.#timers.set(sandbox, timer.unref());
  }

  /** Takes the most recently used process that is still alive. */
  take(): Sandbox | undefined {
    for (const sandbox of this.sandboxes.toReversed()) {
      clearTimeout(this.#timers.get(sandbox));
      this.#timers.delete(sandbox);
      if (!sandbox.isEnded) return sandbox;
    }
    return undefined;
  }

  /** Ends all of them, and waits until they are gone. */
  async endAll(): Promise<void> {
    for (const sandbox of this.sandboxes) this.#end(sandbox);
    await Promise.all(this.#ending);
  }

  #end(sandbox: Sandbox): void {
    clearTimeout(this.#timers.get(sandbox));
    this.#timers.delete(sandbox);
    const ended = sandbox.end().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }
}
