/** What the cache's tests share: processes with a table of dynalite, a simulator, and a clock that the test moves. */
import { PUBLIC_KEY, type SimulatorOptions, startSimulator } from '@local/virustotal';
import { onTestFinished } from 'vitest';
import { StateStore } from '../../../shared/aws/table/state-store.ts';
import { TableClient } from '../../../shared/aws/table/table-client.ts';
import { CacheTable } from '../../../shared/cache/cache-table.ts';
import { ReportCache } from '../../../shared/cache/report-cache.ts';
import { Ledger } from '../../../shared/ledger/ledger.ts';
import { QuotaTable } from '../../../shared/ledger/quota-table.ts';
import { cacheUse, type Limits, quotaCaller } from '../../../shared/limits.ts';
import type { PartialBudgets } from '../../../shared/quota/budgets.ts';
import { createVirusTotalClient } from '../../../shared/virustotal/client.ts';
import type { Gate } from '../../../shared/virustotal/gate.ts';
import { startTable, tableEnvironment } from '../../support/dynalite.ts';
import { keySource } from '../virustotal/harness.ts';

const unlimited: PartialBudgets = {
  perMinute: Number.POSITIVE_INFINITY,
  perDay: Number.POSITIVE_INFINITY,
  perMonth: Number.POSITIVE_INFINITY,
};

/** A point at which a process is killed. */
export type KillPoint = 'lease' | 'door' | 'request' | 'put';

/** A client whose process may be killed: what it waits for then never ends. */
class MortalClient extends TableClient {
  hang: Promise<never> | undefined;
  /** Which writes of the process are its last, from 1. */
  lastWrite = Number.POSITIVE_INFINITY;
  writes = 0;

  override async send(...[action, input, signal]: Parameters<TableClient['send']>) {
    if (!action.includes('Get')) this.writes += 1;
    if (this.hang && this.writes > this.lastWrite) return this.hang;
    return super.send(action, input, signal);
  }
}

/** How a process is. */
export interface ProcessOptions {
  readonly budgets?: PartialBudgets;
  /** Of the schemas. @default 'v1' */
  readonly version?: string;
  /** When its clock is off, milliseconds. */
  readonly skewMs?: number;
  /** Where it is killed: after the write of that name, or after the request was sent. */
  readonly killedAfter?: KillPoint;
}

/** Starts the table and the simulator. */
export async function startShared(options: SimulatorOptions = {}) {
  const clock = { ms: Date.UTC(2026, 10, 28, 12) };
  const simulator = await startSimulator({ now: () => clock.ms, ...options });
  onTestFinished(() => simulator.close());
  const table = await startTable();
  const killed = Promise.withResolvers<never>();
  killed.promise.catch(() => {});
  // Ends what a killed process has begun, such as its timers.
  onTestFinished(() => killed.reject(new Error('killed')));

  const open = (process: ProcessOptions = {}) => {
    const { budgets = unlimited, version = 'v1', skewMs = 0, killedAfter } = process;
    const counts: Record<string, number> = {};
    const troubles: string[] = [];
    const client = new MortalClient({ environment: tableEnvironment(table.url) });
    if (killedAfter) client.hang = killed.promise;
    // Lease, door and put are its writes, in this order; the door exists.
    client.lastWrite = { lease: 1, door: 2, request: 2, put: 3 }[killedAfter ?? 'put'];
    const store = new StateStore({ client, tableName: table.tableName });
    const now = () => clock.ms + skewMs;
    const onTrouble = (action: string) => troubles.push(action);
    const ledger = new Ledger({
      table: new QuotaTable(store),
      budgets,
      tier: 'public',
      interactiveShare: 0.25,
      now,
      stopwatch: () => 0,
      random: () => 0,
      onTrouble,
    });
    const gate: Gate = {
      async admit(request, limits) {
        const pass = await ledger.admit(request, limits);
        return killedAfter === 'door' ? killed.promise : pass;
      },
    };
    const cache = new ReportCache({
      table: new CacheTable(store),
      version,
      foundMs: 24 * 3_600_000,
      unknownMs: 3_600_000,
      now,
      count: (name) => {
        counts[name] = (counts[name] ?? 0) + 1;
      },
      onTrouble,
      sleep: async (ms) => {
        const endsAt = clock.ms + ms;
        await new Promise((resolve) => setTimeout(resolve, 5));
        clock.ms = Math.max(clock.ms, endsAt);
      },
    });
    const virusTotal = createVirusTotalClient({
      serverUrl: simulator.url,
      verifyTls: true,
      apiKey: keySource(PUBLIC_KEY),
      gate,
      cache,
    });
    return { virusTotal, counts, troubles, client, cache };
  };
  return {
    open,
    clock,
    simulator,
    table,
    /** Requests to VirusTotal so far. */
    asked: () => simulator.requests.map(({ method, path }) => `${method} ${path.slice(7)}`),
  };
}

/** Limits of a call over HTTP. */
export function http(
  mode?: 'use' | 'bypass' | 'only',
  since?: number,
): Limits & {
  readonly cache: ReturnType<typeof cacheUse>;
} {
  const caller = quotaCaller('interactive');
  return { deadline: Date.now() + 28_000, caller, cache: cacheUse(mode, since) };
}

/** Limits of a direct invocation. */
export function direct(work: string): ReturnType<typeof http> {
  return { ...http(), caller: quotaCaller('bulk', work) };
}
