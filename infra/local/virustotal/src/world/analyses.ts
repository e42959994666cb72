/** Analyses: queued, then in progress, then completed, by the clock alone. */

/** What can be analysed; also the type of the object. */
export type Kind = 'file' | 'url' | 'ip_address' | 'domain';

/** One analysis of one object. */
export interface Analysis {
  readonly id: string;
  readonly kind: Kind;
  /** Id of the object: a SHA-256, an address or a domain. */
  readonly subject: string;
  readonly startedMs: number;
  /** `startedMs` in epoch seconds; part of the id. */
  readonly epoch: number;
}

/** Where an analysis stands. */
export type Status = 'queued' | 'in-progress' | 'completed';

/** The clock, and how long an analysis takes; all milliseconds. */
export interface Timing {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly queuedMs: number;
  readonly inProgressMs: number;
}

/** A resubmission is answered with an analysis as old as this (6 of 13 recorded ones were). */
const MERGE_MS = 600_000;

/** All analyses since the start. */
export class Analyses {
  readonly #timing: Timing;
  readonly #byId = new Map<string, Analysis>();
  readonly #bySubject = new Map<string, Analysis[]>();

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  /**
   * Starts an analysis, or returns the one that still runs or is at most 10 minutes old.
   *
   * @param idOf - makes the id of an analysis from its epoch
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

  /** The analysis of that id. */
  find(id: string): Analysis | undefined {
    return this.#byId.get(id);
  }

  /** Where an analysis stands now. */
  statusOf({ startedMs }: Analysis): Status {
    const { now, queuedMs, inProgressMs } = this.#timing;
    const age = now() - startedMs;
    if (age < queuedMs) return 'queued';
    return age < queuedMs + inProgressMs ? 'in-progress' : 'completed';
  }

  /** Epoch of the latest analysis that is completed; null when there is none. */
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
