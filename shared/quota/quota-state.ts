/** The quota's ledger, as it was read. */
import type { BudgetSource } from './budgets.ts';
import type { View } from './turn.ts';

/** The account. */
export interface QuotaState {
  readonly view: View;
  readonly source: BudgetSource;
  /** When it was read, epoch milliseconds. */
  readonly now: number;
}
