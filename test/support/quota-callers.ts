/**
 * A process with many callers of bulk, each with its work: asks for the quota of all at once when its parent says
 * so, and reports what each got.
 */
import { StateStore } from '../../shared/aws/table/state-store.ts';
import { TableClient } from '../../shared/aws/table/table-client.ts';
import { QuotaExceededError } from '../../shared/errors.ts';
import { Ledger } from '../../shared/ledger/ledger.ts';
import { QuotaTable } from '../../shared/ledger/quota-table.ts';
import { quotaCaller } from '../../shared/limits.ts';

// One engine on one small machine answers a thousand callers within seconds, not within milliseconds: neither is a
// grant too old here, nor an answer lost.
const timeout = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => timeout(ms * 20);

/** What a caller got, and how many writes that took. */
export interface QuotaOutcome {
  readonly work: string;
  /** The message of a refusal; null if it was admitted. */
  readonly refusal: string | null;
  readonly writes: number;
}

class CountingClient extends TableClient {
  writes = 0;

  override async send(...[action, input, signal]: Parameters<TableClient['send']>) {
    if (!action.includes('Get')) this.writes += 1;
    return super.send(action, input, signal);
  }
}

/** Asks once for each work. @param skewMs - error of this process's clock */
async function ask(tableName: string, work: string, skewMs: number): Promise<QuotaOutcome> {
  const client = new CountingClient({
    environment: process.env,
    now: () => Date.now() + skewMs,
  });
  const ledger = new Ledger({
    table: new QuotaTable(new StateStore({ client, tableName })),
    budgets: { perMinute: 4, perDay: 500, perMonth: 15_500 },
    tier: 'public',
    interactiveShare: 0.25,
    now: () => client.now(),
    stopwatch: () => 0,
    random: Math.random,
    onTrouble: (action, error) => process.stderr.write(`${action}: ${String(error)}\n`),
  });
  const limits = { deadline: Date.now() + 240_000, caller: quotaCaller('bulk', work) };
  try {
    await ledger.admit({ hasLongBody: false }, limits);
    return { work, refusal: null, writes: client.writes };
  } catch (error) {
    if (!(error instanceof QuotaExceededError)) throw error;
    return { work, refusal: error.message, writes: client.writes };
  }
}

process.once('message', async ({ tableName, works, skewMs }: CallersAssignment) => {
  const outcomes = await Promise.all(works.map((work) => ask(tableName, work, skewMs)));
  process.send?.(outcomes, () => process.disconnect());
});

/** What a process of callers has to do. */
export interface CallersAssignment {
  readonly tableName: string;
  readonly works: readonly string[];
  readonly skewMs: number;
}
