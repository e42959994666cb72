/** The request of an invocation that others wait for. */
import type { Limits } from '../limits.ts';
import type { CacheTable } from './cache-table.ts';
import { type Entry, SHARED_BY_NONE } from './entry.ts';

/** Another invocation asks the same, or has kept an answer by now. */
export class AskedElsewhereError extends Error {
  override readonly name = 'AskedElsewhereError';
}

/** What a request needs. */
export interface FlightOptions {
  readonly table: CacheTable;
  /** Of the answer. */
  readonly key: string;
  /** As it was read. */
  readonly entry: Entry;
  readonly now: () => number;
  readonly onTrouble: (action: string, error: unknown) => void;
  /** Whether the caller can wait for the request of another. */
  readonly mayWait: boolean;
  /** Limits of a write. */
  readonly soon: () => Limits;
}

/** After this time without a sign of its holder, another invocation takes over, milliseconds. */
export const LEASE_MS = 5_000;

/** How often a holder that waits for VirusTotal extends its lease, milliseconds. */
const EXTENSION_MS = 2_000;

/** After an answer that is not kept, callers do not wait for each other for so long, milliseconds. */
const NOT_SHARED_MS = 5_000;

/** The request. */
export class Flight {
  readonly #options: FlightOptions;
  readonly #holder = crypto.randomUUID();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: FlightOptions) {
    this.#options = options;
  }

  /**
   * Takes the lease, or extends it. Without the table, the request is made all the same.
   *
   * @throws AskedElsewhereError
   */
  async begin(): Promise<void> {
    const { table, key, entry, now, mayWait, soon } = this.#options;
    const lease = this.#leaseUntil(now() + LEASE_MS);
    const isTaken = await this.#try(table.lease(key, entry, lease, now(), soon()));
    if (isTaken === false && mayWait) throw new AskedElsewhereError();
    if (isTaken) this.#timer ??= setInterval(() => this.#extend(), EXTENSION_MS).unref();
  }

  /** The answer is kept, which has ended the lease. */
  landed(): void {
    this.#stop();
  }

  /** Gives the lease back. */
  async end(): Promise<void> {
    const { table, key, soon } = this.#options;
    if (this.#stop()) await this.#try(table.release(key, this.#holder, soon()));
  }

  /** Lets those who wait ask for themselves: the answer is not kept, and neither would be the next ones. */
  async endUnshared(): Promise<void> {
    const { table, key, now, soon } = this.#options;
    const next = { holder: SHARED_BY_NONE, until: now() + NOT_SHARED_MS };
    if (this.#stop()) await this.#try(table.extend(key, this.#holder, next, soon()));
  }

  /** @returns whether it was begun */
  #stop(): boolean {
    const wasBegun = this.#timer !== undefined;
    clearInterval(this.#timer);
    this.#timer = undefined;
    return wasBegun;
  }

  #extend(): void {
    const { table, key, now, soon } = this.#options;
    void this.#try(table.extend(key, this.#holder, this.#leaseUntil(now() + LEASE_MS), soon()));
  }

  #leaseUntil(until: number) {
    return { holder: this.#holder, until };
  }

  /** The answer does not depend on the lease. */
  async #try<T>(write: Promise<T>): Promise<T | undefined> {
    try {
      return await write;
    } catch (error) {
      this.#options.onTrouble('share a request', error);
      return undefined;
    }
  }
}
