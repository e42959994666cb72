/**
 * The door in front of VirusTotal: admits each request by one conditional write at the moment at which it is
 * sent. What it decides is in `shared/quota/`; this reads, writes and waits.
 */
import { QuotaExceededError } from '../errors.ts';
import type { Limits, QuotaCaller } from '../limits.ts';
import { quotaCaller } from '../limits.ts';
import { type Admission, admissionWrite, giveBackWrite } from '../quota/admission.ts';
import { mustRenewCells, renewCellsWrite } from '../quota/cells.ts';
import type { QuotaChange } from '../quota/change.ts';
import { newDoor, readDoor } from '../quota/door.ts';
import { learntBudgets } from '../quota/learn.ts';
import { BEFORE_ALL } from '../quota/line.ts';
import { describeWait, type Waiting } from '../quota/messages.ts';
import { GRANT_MS } from '../quota/settings.ts';
import { askAgainAt } from '../quota/tell.ts';
import { nextTurn, type Turn, type View } from '../quota/turn.ts';
import type { Gate, GatedRequest, Pass } from '../virustotal/gate.ts';
import { AccountLearner } from './account-learner.ts';
import { OpenPass } from './open-pass.ts';
import { type BudgetOptions, ledgerSettings } from './quota-reader.ts';
import type { QuotaTable } from './quota-table.ts';
import { isTableAway, passWithoutLedger, pause, tooManyOthers } from './without-ledger.ts';

/** What a ledger needs. */
export interface LedgerOptions extends BudgetOptions {
  readonly table: QuotaTable;
  /** Clock, epoch milliseconds, within a second of the real time. */
  readonly now: () => number;
  /** Measures how long a write takes, milliseconds: it only ever goes forward. */
  readonly stopwatch: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Called when a request goes on although the ledger cannot be read or written. */
  readonly onTrouble: (action: string, error: unknown) => void;
  /** Called at each change of the ledger. @default no callback */
  readonly onChange?: (change: QuotaChange) => void;
}

/** How long a call waits in its function, milliseconds. */
const PATIENCE_MS = { interactive: 5_000, bulk: 20_000 } as const;

/** Longest read or write of the ledger, milliseconds. */
const TABLE_MS = { interactive: 3_000, bulk: 10_000 } as const;

/** Time that a request needs after a wait, milliseconds: with less left, the call does not wait. */
const REQUEST_MS = 8_000;

/** Writes at the door that may fail in a call: more than the cells that others can take at the same time. */
const MORE_WRITES = 1;

/** The ledger. */
export class Ledger implements Gate {
  readonly #options: Required<LedgerOptions> & { readonly learner: AccountLearner };

  constructor(given: LedgerOptions) {
    const options = { onChange: () => {}, ...given };
    this.#options = { ...options, learner: new AccountLearner(options) };
  }

  async admit(request: GatedRequest, limits: Limits): Promise<Pass> {
    const caller = limits.caller ?? quotaCaller('interactive');
    try {
      return await this.#admit(request, caller, limits);
    } catch (error) {
      if (!isTableAway(error) || limits.signal?.aborted) throw error;
      this.#options.onChange({ kind: 'unavailable', lane: caller.lane });
      if (caller.lane === 'bulk') throw error;
      this.#options.onTrouble('admit a request', error);
      return passWithoutLedger;
    }
  }

  async #admit(request: GatedRequest, caller: QuotaCaller, limits: Limits): Promise<Pass> {
    for (let writes = 0; ; ) {
      const view = await this.#view(request, caller, limits);
      const now = this.#options.now();
      const isSpent = writes > view.settings.cells + MORE_WRITES;
      const turn = isSpent ? tooManyOthers(now) : this.#turn(view, caller, now);
      if (turn.kind === 'go') {
        writes += 1;
        const pass = await this.#go(view, turn, { request, caller, now }, limits);
        if (pass) return pass;
      } else if (turn.kind === 'take-place') {
        caller.progress.place = await this.#options.table.takeNumber(this.#soon(limits));
      } else if (!(await this.#learns(request, view, turn, limits))) {
        await this.#wait(view, turn, caller, limits);
      }
    }
  }

  #turn(view: View, { lane, progress }: QuotaCaller, now: number): Turn {
    const { hasBegun, place } = progress;
    return nextTurn(view, { lane, hasBegun, place, now, random: this.#options.random() });
  }

  /** Asks the account before a call is refused for long: no admitted request would ask then. */
  async #learns(
    request: GatedRequest,
    view: View,
    turn: Extract<Turn, { kind: 'wait' | 'too-long' }>,
    limits: Limits,
  ): Promise<boolean> {
    const isShort = turn.kind === 'wait' && ['minute', 'midnight'].includes(turn.reason);
    if (isShort) return false;
    return this.#options.learner.askIfDue(request, view, view.door, this.#soon(limits));
  }

  /** Reads the ledger; begins it, and makes cells for another budget, where that is necessary. */
  async #view(request: GatedRequest, caller: QuotaCaller, limits: Limits): Promise<View> {
    const { table, now, learner } = this.#options;
    for (;;) {
      const { door, line, place } = await table.read(caller.work, now(), this.#soon(limits));
      const settings = ledgerSettings(this.#options, learntBudgets(door ?? {}));
      if (!door) {
        const learnt = await learner.first(request, this.#soon(limits));
        const first = newDoor(ledgerSettings(this.#options, learntBudgets(learnt)), now());
        await table.begin({ ...first, ...learnt }, this.#soon(limits));
      } else if (mustRenewCells(settings, door)) {
        await table.writeDoor(renewCellsWrite(settings, door, now()), this.#soon(limits));
      } else {
        caller.progress.place ??= place;
        return { settings, door: readDoor(settings, door), line };
      }
    }
  }

  /** @returns null if another caller was faster, or the grant is too old */
  async #go(
    view: View,
    { opening, isOvertaking }: Extract<Turn, { kind: 'go' }>,
    { request, caller, now }: { request: GatedRequest; caller: QuotaCaller; now: number },
    limits: Limits,
  ): Promise<Pass | null> {
    const { table } = this.#options;
    const { lane, progress } = caller;
    const endsBy = request.hasLongBody ? now + limits.deadline - Date.now() : null;
    const { isFree = false } = request;
    const admission: Admission = { lane, now, isFirst: !progress.hasBegun, isFree, endsBy };
    const { settings, door } = view;
    const write = admissionWrite(settings, door, opening, admission);
    const startedAt = this.#options.stopwatch();
    await request.begin?.(limits);
    if (!(await table.writeDoor(write, this.#soon(limits)))) return null;
    if (this.#options.stopwatch() - startedAt > GRANT_MS) {
      await table.writeDoor(giveBackWrite(settings, door, opening, admission), this.#soon(limits));
      return null;
    }
    progress.hasBegun = true;
    this.#options.onChange({ kind: 'admitted', lane, view, isFree });
    const admitted = { view, opening, isOvertaking, admission, caller, request };
    return new OpenPass(this.#options, admitted);
  }

  /** Waits if the turn comes soon. @throws QuotaExceededError otherwise */
  async #wait(
    view: View,
    turn: Extract<Turn, { kind: 'wait' | 'too-long' }>,
    caller: QuotaCaller,
    limits: Limits,
  ): Promise<void> {
    const { lane, progress } = caller;
    const now = this.#options.now();
    const until = turn.kind === 'wait' ? turn.until : turn.shorterAt;
    const waitMs = Math.max(1, until - now) + 5;
    const leftMs = limits.deadline - Date.now() - REQUEST_MS;
    if (turn.kind === 'wait' && waitMs <= Math.min(PATIENCE_MS[lane] - progress.waitedMs, leftMs)) {
      progress.waitedMs += waitMs;
      await pause(waitMs, limits);
      return;
    }
    const { place } = progress;
    const told = askAgainAt(until, now);
    if (turn.kind === 'wait') await this.#keepPlace(caller, told, now, limits);
    const reason: Waiting['reason'] = turn.kind === 'wait' ? turn.reason : 'too-long';
    this.#options.onChange({ kind: 'refused', lane, view, reason, until });
    const opensAt = turn.kind === 'wait' ? turn.opensAt : until;
    const message = describeWait(view, { reason, until, opensAt, place, lane }, now);
    throw new QuotaExceededError(message, (told - now) / 1000);
  }

  /** Keeps the place of bulk; work that has begun in this call gets one before all others. */
  async #keepPlace(
    { lane, work, isFollowUp, progress }: QuotaCaller,
    until: number,
    now: number,
    limits: Limits,
  ): Promise<void> {
    const place = progress.place ?? (progress.hasBegun && !isFollowUp ? BEFORE_ALL : null);
    if (lane !== 'bulk' || work === null || place === null) return;
    await this.#options.table.keepPlace(work, place, until, now, this.#soon(limits));
  }

  #soon(limits: Limits): Limits {
    const ms = TABLE_MS[limits.caller?.lane ?? 'interactive'];
    return { ...limits, deadline: Math.min(limits.deadline, Date.now() + ms) };
  }
}
