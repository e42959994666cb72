/** Reads the quota's ledger, and writes nothing. */
import { StateStore } from '../aws/table/state-store.ts';
import { TableClient } from '../aws/table/table-client.ts';
import { type QuotaConfig, quotaVariables, type Tier } from '../config.ts';
import { type Environment, parseEnvironment } from '../environment.ts';
import type { Limits } from '../limits.ts';
import { budgetSource, effectiveBudgets, type PartialBudgets } from '../quota/budgets.ts';
import { mustRenewCells, renewCellsWrite } from '../quota/cells.ts';
import type { Numbers } from '../quota/conditional-write.ts';
import { newDoor, readDoor } from '../quota/door.ts';
import { learntBudgets } from '../quota/learn.ts';
import type { QuotaState } from '../quota/quota-state.ts';
import { type QuotaSettings, quotaSettings } from '../quota/settings.ts';
import { QuotaTable } from './quota-table.ts';

/** What decides the budgets. */
export interface BudgetOptions {
  /** Set by the operator; the account's own budgets count where they are not. */
  readonly budgets: PartialBudgets;
  /** Decides the budgets that are neither set nor learnt. */
  readonly tier: Tier;
  /** Part of minute and day that interactive callers have for themselves. */
  readonly interactiveShare: number;
}

/** Returns what a function's environment says of the budgets. */
export function budgetOptions(config: QuotaConfig): BudgetOptions {
  return {
    budgets: {
      perMinute: config.VIRUSTOTAL_QUOTA_PER_MINUTE,
      perDay: config.VIRUSTOTAL_QUOTA_PER_DAY,
      perMonth: config.VIRUSTOTAL_QUOTA_PER_MONTH,
    },
    tier: config.VIRUSTOTAL_TIER,
    interactiveShare: config.VIRUSTOTAL_INTERACTIVE_SHARE,
  };
}

/** Returns the settings of a ledger whose door has learnt budgets. */
export function ledgerSettings(
  { budgets, tier, interactiveShare }: BudgetOptions,
  learnt: PartialBudgets,
): QuotaSettings {
  return quotaSettings(effectiveBudgets(budgets, learnt, tier), interactiveShare);
}

/**
 * Opens the ledger for reading.
 *
 * @throws Error that lists every bad variable
 */
export function openQuotaReader(environment: Environment): (limits: Limits) => Promise<QuotaState> {
  const config = parseEnvironment(quotaVariables, environment);
  const client = new TableClient({ environment });
  const table = new QuotaTable(new StateStore({ client, tableName: config.STATE_TABLE }));
  const options = budgetOptions(config);
  return async (limits) => {
    const { door, line } = await table.read(null, client.now(), limits);
    const now = client.now();
    const learnt = learntBudgets(door ?? {});
    const settings = ledgerSettings(options, learnt);
    const item = door ?? newDoor(settings, now);
    const view = { settings, door: readDoor(settings, asRenewed(settings, item, now)), line };
    return { view, source: budgetSource(options.budgets, learnt), now };
  };
}

/** A door whose cells are for another budget, as the next request finds it. */
function asRenewed(settings: QuotaSettings, item: Numbers, now: number): Numbers {
  if (!mustRenewCells(settings, item)) return item;
  return { ...item, ...renewCellsWrite(settings, item, now).set };
}
