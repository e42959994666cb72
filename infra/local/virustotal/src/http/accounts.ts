/** The API keys that the simulator knows, and what each may and may still do. */
import { Quota, type QuotaLimits } from './quota.ts';

/** A key. Without limits it has those of the local run, which are far above a real public key's. */
export interface KeyOptions extends Partial<QuotaLimits> {
  readonly key: string;
  readonly tier: 'public' | 'premium';
}

/** The keys of the local run: in the form of real ones, 64 hexadecimal digits. */
export const PUBLIC_KEY: string = 'a'.repeat(64);
/** May read `downloaded_files` and `urls` too. */
export const PREMIUM_KEY: string = 'b'.repeat(64);

/** Keys when none are given. */
export const defaultKeys: readonly KeyOptions[] = [
  { key: PUBLIC_KEY, tier: 'public' },
  { key: PREMIUM_KEY, tier: 'premium' },
];

/** Whoever holds a key. */
export interface Account {
  readonly key: string;
  readonly tier: 'public' | 'premium';
  readonly quota: Quota;
}

/**
 * Opens the accounts.
 *
 * @param now - epoch milliseconds
 * @returns accounts by key
 */
export function openAccounts(
  keys: readonly KeyOptions[],
  now: () => number,
): ReadonlyMap<string, Account> {
  return new Map(
    keys.map(({ key, tier, ...limits }) => [key, { key, tier, quota: new Quota(limits, now) }]),
  );
}
