/** A request that the ledger has admitted: what is written while it is sent, and after it. */
import { QuotaExceededError } from '../errors.ts';
import type { Limits, QuotaCaller } from '../limits.ts';
import { type Admission, bodyEndedWrite } from '../quota/admission.ts';
import { blockedUntil, blockWrite, probeEndedWrite } from '../quota/block.ts';
import { readDoor } from '../quota/door.ts';
import { type AccountQuotas, askWrite, isTimeToAsk, learnWrite } from '../quota/learn.ts';
import { progressAt } from '../quota/line.ts';
import type { Opening } from '../quota/plan.ts';
import type { View } from '../quota/turn.ts';
import type { GatedRequest, Pass } from '../virustotal/gate.ts';
import type { QuotaTable } from './quota-table.ts';

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

interface PassOptions {
  readonly table: QuotaTable;
  readonly now: () => number;
  readonly onTrouble: (action: string, error: unknown) => void;
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
    const { now, table } = this.#options;
    const account = request.askAccount ? await this.#askAccount() : undefined;
    const at = now();
    const spent = account === undefined ? undefined : spentOf(account);
    const until = blockedUntil(view.settings, view.door, { now: at, retryAfterMs, spent });
    await Promise.all([
      this.#line,
      this.#freeBody(),
      this.#try('block the door', table.writeDoor(blockWrite(view.door, until), this.#after())),
    ]);
    return new QuotaExceededError(said, (until - at) / 1000);
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
    const { table, now } = this.#options;
    const { door, settings } = view;
    const tasks: Promise<unknown>[] = [];
    if (caller.progress.place !== null && caller.work !== null) {
      caller.progress.place = null;
      const forgotten = table.forgetPlace(caller.work, this.#after());
      tasks.push(this.#try('forget a place', forgotten));
    }
    if (request.askAccount && isTimeToAsk(settings, door, now())) {
      tasks.push(this.#askIfFirst());
    }
    await Promise.all(tasks);
  }

  /** Asks for the account's quotas, unless another caller does. */
  async #askIfFirst(): Promise<void> {
    const { table, now } = this.#options;
    const write = askWrite(this.#admitted.view.door, now());
    const isOurs = table.writeDoor(write, this.#after()).catch((error: unknown) => {
      this.#options.onTrouble('decide who asks for the quotas', error);
      return false;
    });
    if (await isOurs) await this.#askAccount();
  }

  /** @returns what the account says; null if it says nothing */
  async #askAccount(): Promise<AccountQuotas | null> {
    const { request, view } = this.#admitted;
    const { table, now, onTrouble } = this.#options;
    const askedAt = now();
    const limits = this.#after();
    try {
      const account = (await request.askAccount?.(limits)) ?? null;
      const { door } = await table.read(null, now(), limits);
      if (account && door) {
        const read = readDoor(view.settings, door);
        await table.writeDoor(learnWrite(view.settings, read, account, askedAt), limits);
      }
      return account;
    } catch (error) {
      onTrouble("learn the account's quotas", error);
      return null;
    }
  }

  #afterProbe(isAnswered: boolean): Promise<void> {
    const { view, admission } = this.#admitted;
    if (view.door.strikes === 0) return done;
    const write = probeEndedWrite(view.settings, view.door, admission, isAnswered);
    return this.#try('open the door', this.#options.table.writeDoor(write, this.#after()));
  }

  #freeBody(): Promise<void> {
    const { opening, admission, view } = this.#admitted;
    if (admission.endsBy === null || opening.cell === null) return done;
    const write = bodyEndedWrite(view.settings, opening.cell, admission, this.#options.now());
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

/** Which budget the account shows as spent; undefined if it could not be asked. */
function spentOf(account: AccountQuotas | null): 'day' | 'month' | null | undefined {
  if (!account) return undefined;
  const { perDay, perMonth, usedDay, usedMonth } = account;
  if (perMonth !== undefined && usedMonth !== null && usedMonth >= perMonth) return 'month';
  return perDay !== undefined && usedDay !== null && usedDay >= perDay ? 'day' : null;
}
