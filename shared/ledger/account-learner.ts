/** Asks VirusTotal for the account's quotas, and takes them over. */
import type { Limits } from '../limits.ts';
import { reopenWrite } from '../quota/block.ts';
import type { QuotaChange } from '../quota/change.ts';
import type { Numbers } from '../quota/conditional-write.ts';
import { type Door, readDoor } from '../quota/door.ts';
import {
  type AccountQuotas,
  askWrite,
  firstLearnt,
  isTimeToAsk,
  learnWrite,
  spentBudget,
} from '../quota/learn.ts';
import type { View } from '../quota/turn.ts';
import type { GatedRequest } from '../virustotal/gate.ts';
import type { QuotaTable } from './quota-table.ts';

/** What asking needs. */
export interface LearnerOptions {
  readonly table: QuotaTable;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly onTrouble: (action: string, error: unknown) => void;
  readonly onChange: (change: QuotaChange) => void;
}

/** A request by which the account can be asked. */
type Asking = Pick<GatedRequest, 'askAccount'>;

/** The account, as it is asked. No method throws: what is not learnt now is learnt later. */
export class AccountLearner {
  readonly #options: LearnerOptions;

  constructor(options: LearnerOptions) {
    this.#options = options;
  }

  /** Returns what a door begins with that does not exist yet; nothing if the account does not say. */
  async first({ askAccount }: Asking, limits: Limits): Promise<Numbers> {
    if (!askAccount) return {};
    const askedAt = this.#options.now();
    const account = await this.#tried(askAccount(limits));
    return { askedAt, ...(account && firstLearnt(account, askedAt)) };
  }

  /**
   * Asks if the answer is old, and no other caller does.
   *
   * @param before - the door before the request after which the account is asked
   * @returns whether something may have changed
   */
  async askIfDue(
    request: Asking,
    { settings }: View,
    before: Door,
    limits: Limits,
  ): Promise<boolean> {
    const now = this.#options.now();
    if (!request.askAccount || !isTimeToAsk(settings, before, now)) return false;
    const isOurs = await this.#options.table
      .writeDoor(askWrite(before, now), limits)
      .catch((error: unknown) => {
        this.#options.onTrouble("decide who asks for the account's quotas", error);
        return false;
      });
    const account = isOurs ? await this.ask(request, settings, before, limits) : null;
    if (!account) return false;
    const reopening = spentBudget(account) === null ? reopenWrite(before, now) : null;
    if (reopening) await this.#tried(this.#options.table.writeDoor(reopening, limits));
    return true;
  }

  /** Asks. @returns what the account says; null if it says nothing */
  async ask(
    { askAccount }: Asking,
    settings: View['settings'],
    before: Door,
    limits: Limits,
  ): Promise<AccountQuotas | null> {
    if (!askAccount) return null;
    const askedAt = this.#options.now();
    const account = await this.#tried(askAccount(limits));
    if (account) await this.#tried(this.#learn(settings, before, account, askedAt, limits));
    return account;
  }

  async #learn(
    settings: View['settings'],
    before: Door,
    account: AccountQuotas,
    askedAt: number,
    limits: Limits,
  ): Promise<void> {
    const { table } = this.#options;
    const { door } = await table.read(null, askedAt, limits);
    if (!door) return;
    const read = readDoor(settings, door);
    await table.writeDoor(learnWrite(settings, read, account, { askedAt, before }), limits);
    this.#options.onChange({ kind: 'learnt' });
  }

  async #tried<T>(task: Promise<T>): Promise<T | null> {
    return task.catch((error: unknown) => {
      this.#options.onTrouble("learn the account's quotas", error);
      return null;
    });
  }
}
