/** A request that the ledger has admitted: what is written while it is sent, and after it. */
import { QuotaExceededError } from '../errors.ts';
import type { Limits, QuotaCaller } from '../limits.ts';
import { type Admission, bodyEndedWrite } from '../quota/admission.ts';
import { blockedUntil, blockWrite, probeEndedWrite, prolongBlockWrite } from '../quota/block.ts';
import { spentBudget } from '../quota/learn.ts';
import { progressAt } from '../quota/line.ts';
import type { Opening } from '../quota/plan.ts';
import type { View } from '../quota/turn.ts';
import type { GatedRequest, Pass } from '../virustotal/gate.ts';
import type { AccountLearner, LearnerOptions } from './account-learner.ts';

/** What was admitted. */
export interface AdmittedRequest {
  readonly view: View;
  readonly opening: Opening;
  readonly admission: Admission;
  readonly caller: QuotaCaller;
  /** Whether those before have not come although they could. */
  readonly isOvertaking: boolean;
  readonly request: GatedRequest;
}

interface PassOptions extends LearnerOptions {
  readonly learner: AccountLearner;
}

/** Longest time that all writes after a request may take, milliseconds. */
const AFTER_MS = 5_000;

/** The pass. */
export class OpenPass implements Pass {
  readonly #options: PassOptions;
  readonly #admitted: AdmittedRequest;
  readonly #line: Promise<void>;

  constructor(options: PassOptions, admitted: AdmittedRequest) {
    this.#options = options;
    this.#admitted = admitted;
    // While the request is sent: it takes no time of the grant or of the answer.
    this.#line = this.#try('move the line', this.#moveLine());
  }

  async ended(isAnswered: boolean): Promise<void> {
    await Promise.all([
      this.#line,
      this.#freeBody(),
      this.#afterProbe(isAnswered),
      isAnswered ? this.#afterAnswer() : done,
    ]);
  }

  async refused(said: string, retryAfterMs: number | null): Promise<QuotaExceededError> {
    const { view, request } = this.#admitted;
    const { now, learner, onChange } = this.#options;
    const account = await learner.ask(request, view.settings, view.door, this.#after());
    const at = now();
    const spent = account ? spentBudget(account) : undefined;
    const until = blockedUntil(view.settings, view.door, { now: at, retryAfterMs, spent });
    const blocked = this.#try('block the door', this.#block(until));
    await Promise.all([this.#line, this.#freeBody(), blocked]);
    onChange({ kind: 'blocked', view, until });
    return new QuotaExceededError(said, (until - at) / 1000);
  }

  async #block(until: number): Promise<void> {
    const { table } = this.#options;
    const isFirst = await table.writeDoor(
      blockWrite(this.#admitted.view.door, until),
      this.#after(),
    );
    if (!isFirst) await table.writeDoor(prolongBlockWrite(until), this.#after());
  }

  async #moveLine(): Promise<void> {
    const { caller, isOvertaking, view } = this.#admitted;
    const { table } = this.#options;
    const { place } = caller.progress;
    if (place === null && !isOvertaking) return;
    const number = place ?? (await table.takeNumber(this.#after()));
    const moved = progressAt(view.line, number, isOvertaking);
    if (moved) await table.moveLine(moved, this.#after());
  }

  async #afterAnswer(): Promise<void> {
    const { view, caller, request } = this.#admitted;
    const { table, learner } = this.#options;
    const tasks: Promise<unknown>[] = [learner.askIfDue(request, view, view.door, this.#after())];
    if (caller.progress.place !== null && caller.work !== null) {
      caller.progress.place = null;
      const forgotten = table.forgetPlace(caller.work, this.#after());
      tasks.push(this.#try('forget a place', forgotten));
    }
    await Promise.all(tasks);
  }

  #afterProbe(isAnswered: boolean): Promise<void> {
    const { view, admission } = this.#admitted;
    if (view.door.strikes === 0) return done;
    const write = probeEndedWrite(view.settings, view.door, admission, isAnswered);
    return this.#try('open the door', this.#options.table.writeDoor(write, this.#after()));
  }

  #freeBody(): Promise<void> {
    const { opening, admission, view } = this.#admitted;
    if (admission.endsBy === null) return done;
    const write = bodyEndedWrite(view.settings, opening, admission, this.#options.now());
    if (!write) return done;
    return this.#try('free a cell', this.#options.table.writeDoor(write, this.#after()));
  }

  /** The answer does not depend on these: a failure is only logged. */
  async #try(action: string, task: Promise<unknown>): Promise<void> {
    await task.catch((error: unknown) => this.#options.onTrouble(action, error));
  }

  #after(): Limits {
    return { deadline: Date.now() + AFTER_MS };
  }
}

const done = Promise.resolve();
