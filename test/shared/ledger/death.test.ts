/** A caller dies between any two of its writes: the budget holds, and everybody else is admitted soon. */
import { expect, it } from 'vitest';
import { StateStore } from '../../../shared/aws/table/state-store.ts';
import { TableClient } from '../../../shared/aws/table/table-client.ts';
import { QuotaExceededError } from '../../../shared/errors.ts';
import { Ledger } from '../../../shared/ledger/ledger.ts';
import { QuotaTable } from '../../../shared/ledger/quota-table.ts';
import { quotaCaller } from '../../../shared/limits.ts';
import { startTable, tableEnvironment } from '../../support/dynalite.ts';

const NOON = Date.UTC(2026, 10, 28, 12);
const MINUTE = 60_000;
const never = new Promise<never>(() => {});

/** When a process dies: at one of its writes, before it is made or before its answer arrives. */
interface Death {
  readonly write: number;
  readonly isWritten: boolean;
}

/** A client of a process that dies. */
class MortalClient extends TableClient {
  #writes = 0;
  readonly #death: Death | null;
  readonly died: Promise<void>;
  readonly #die: () => void;

  constructor(url: string, death: Death | null) {
    super({ environment: tableEnvironment(url) });
    this.#death = death;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.died = promise;
    this.#die = resolve;
  }

  override async send(...call: Parameters<TableClient['send']>) {
    if (call[0].includes('Get')) return super.send(...call);
    this.#writes += 1;
    if (this.#writes !== this.#death?.write) return super.send(...call);
    if (this.#death.isWritten) await super.send(...call);
    this.#die();
    return never;
  }
}

async function start() {
  const { url, tableName, item } = await startTable();
  const clock = { ms: NOON };
  const open = (death: Death | null = null) => {
    const client = new MortalClient(url, death);
    const ledger = new Ledger({
      table: new QuotaTable(new StateStore({ client, tableName })),
      budgets: { perMinute: 4, perDay: 500, perMonth: 15_500 },
      tier: 'public',
      interactiveShare: 0.25,
      now: () => clock.ms,
      stopwatch: () => clock.ms,
      random: () => 0,
      onTrouble: () => {},
    });
    return { ledger, client };
  };
  const usedOf = async () => {
    const used = Object.entries((await item('quota#door')) ?? {}).find(([name]) => name === 'used');
    return Number(JSON.stringify(used?.[1]).replaceAll(/\D/g, ''));
  };
  return { open, clock, usedOf };
}

/** Asks once. @returns when to ask again, by the clock of the refusal; null once the request was sent */
async function ask(ledger: Ledger, work: string): Promise<number | null> {
  try {
    // Leaves no time to wait in the function.
    const limits = { deadline: Date.now() + 8_000, caller: quotaCaller('bulk', work) };
    const pass = await ledger.admit({ hasLongBody: false }, limits);
    await pass.ended(true);
    return null;
  } catch (error) {
    if (error instanceof QuotaExceededError) return error.retryAfterSeconds * 1000;
    throw error;
  }
}

const writes = ['takes a number', 'keeps its place', 'passes the door', 'moves the line', 'goes'];
const deaths = writes.flatMap((name, index) =>
  [false, true].map((isWritten) => ({ name, write: index + 1, isWritten })),
);

it.each(deaths)(
  'of a caller that $name (written: $isWritten), nothing remains but at most one request',
  async (death) => {
    const { open, clock, usedOf } = await start();
    const sound = open().ledger;
    const sentAt: number[] = [];
    for (const work of ['a', 'b', 'c']) {
      expect(await ask(sound, work)).toBeNull();
      sentAt.push(clock.ms);
    }
    const { ledger, client } = open(death);
    const dying = (async () => {
      clock.ms += (await ask(ledger, 'dead')) ?? 0;
      await ask(ledger, 'dead');
    })();
    const end = await Promise.race([client.died.then(() => 'died'), dying.then(() => 'lived')]);
    expect(end).toBe('died');
    const before = await usedOf();
    // Step Functions repeats what has died; others come after it.
    const asksAt = new Map(['dead', 'x', 'y', 'z'].map((work) => [work, clock.ms]));
    while (asksAt.size > 0) {
      const [work, at] = [...asksAt].toSorted(([, one], [, other]) => one - other)[0] ?? ['', 0];
      clock.ms = Math.max(clock.ms, at);
      const waitMs = await ask(sound, work);
      if (waitMs !== null) {
        asksAt.set(work, clock.ms + waitMs);
        continue;
      }
      asksAt.delete(work);
      sentAt.push(clock.ms);
    }
    expect(await usedOf()).toBe(before + 4);
    expect(before - 3).toBeLessThanOrEqual(1);
    expect(clock.ms - NOON).toBeLessThanOrEqual(8 * MINUTE);
    for (const from of sentAt) {
      const within = sentAt.filter((at) => at >= from && at < from + MINUTE);
      expect(within.length).toBeLessThanOrEqual(4);
    }
  },
);
