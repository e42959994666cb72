/** How many requests an account has: a minute, a UTC day, a UTC month. */

/** Budgets of an account; Infinity is no limit. */
export interface Budgets {
  readonly perMinute: number;
  readonly perDay: number;
  readonly perMonth: number;
}

/** Budgets that are set or known; undefined is neither. */
export type PartialBudgets = { readonly [Budget in keyof Budgets]?: number | undefined };

/** Budgets of an account of which nothing else is known. */
export const budgetsByTier = {
  /** VirusTotal's standard free account: https://docs.virustotal.com/reference/public-vs-premium-api. */
  public: { perMinute: 4, perDay: 500, perMonth: 15_500 },
  premium: {
    perMinute: Number.POSITIVE_INFINITY,
    perDay: Number.POSITIVE_INFINITY,
    perMonth: Number.POSITIVE_INFINITY,
  },
} as const satisfies Record<string, Budgets>;

/** Where budgets come from. */
export type BudgetSource = 'context' | 'account' | 'tier';

/** Returns where the budgets come from: from the account if any is, else from the operator if any is. */
export function budgetSource(configured: PartialBudgets, learnt: PartialBudgets): BudgetSource {
  const names = ['perMinute', 'perDay', 'perMonth'] as const;
  const isSet = (name: keyof Budgets) => configured[name] !== undefined;
  if (names.some((name) => !isSet(name) && learnt[name] !== undefined)) return 'account';
  return names.some(isSet) ? 'context' : 'tier';
}

/**
 * Returns the budgets that count: what is configured, else what the account says, else those of its tier.
 *
 * @param configured - by the operator
 * @param learnt - from the account
 */
export function effectiveBudgets(
  configured: PartialBudgets,
  learnt: PartialBudgets,
  tier: keyof typeof budgetsByTier,
): Budgets {
  const pick = (name: keyof Budgets) =>
    configured[name] ?? learnt[name] ?? budgetsByTier[tier][name];
  return { perMinute: pick('perMinute'), perDay: pick('perDay'), perMonth: pick('perMonth') };
}
