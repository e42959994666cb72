/** Analyses, whose status depends only on the clock. */

/** Type of an analysed object. */
export type Kind = 'file' | 'url' | 'ip_address' | 'domain';

export interface Analysis {
  readonly id: string;
  readonly kind: Kind;
  /** Id of the object: SHA-256, IP address or domain. */
  readonly subject: string;
  readonly startedMs: number;
  /** `startedMs` in epoch seconds; part of the id. */
  readonly epoch: number;
}

export type Status = 'queued' | 'in-progress' | 'completed';

/** The clock, and the duration of an analysis; milliseconds. */
export interface Timing {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly queuedMs: number;
  readonly inProgressMs: number;
}

/** A resubmission within this time returns the earlier analysis, as 6 of 13 recorded ones did. */
const MERGE_MS = 600_000;

export class Analyses {
  readonly #timing: Timing;
  readonly #byId = new Map<string, Analysis>();
  readonly #bySubject = new Map<string, Analysis[]>();

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  /**
   * Starts an analysis, unless one is running or started within the last ten minutes.
   *
   * @param idOf - returns the id of an analysis for its epoch
   */
  start(kind: Kind, subject: string, idOf: (epoch: number) => string): Analysis {
    const startedMs = this.#timing.now();
    const earlier = this.#of(kind, subject);
    const latest = earlier.at(-1);
    if (latest && this.#isMerged(latest, startedMs)) return latest;
    const epoch = Math.floor(startedMs / 1000);
    const analysis = { id: idOf(epoch), kind, subject, startedMs, epoch };
    this.#byId.set(analysis.id, analysis);
    this.#bySubject.set(`${kind} ${subject}`, [...earlier, analysis]);
    return analysis;
  }

  find(id: string): Analysis | undefined {
    return this.#byId.get(id);
  }

  statusOf({ startedMs }: Analysis): Status {
    const { now, queuedMs, inProgressMs } = this.#timing;
    const age = now() - startedMs;
    if (age < queuedMs) return 'queued';
    return age < queuedMs + inProgressMs ? 'in-progress' : 'completed';
  }

  /** Returns the epoch of the last completed analysis, or null. */
  lastCompleted(kind: Kind, subject: string): number | null {
    const done = this.#of(kind, subject).filter(
      (analysis) => this.statusOf(analysis) === 'completed',
    );
    return done.at(-1)?.epoch ?? null;
  }

  #isMerged(latest: Analysis, nowMs: number): boolean {
    return nowMs - latest.startedMs < MERGE_MS || this.statusOf(latest) !== 'completed';
  }

  #of(kind: Kind, subject: string): readonly Analysis[] {
    return this.#bySubject.get(`${kind} ${subject}`) ?? [];
  }
}
