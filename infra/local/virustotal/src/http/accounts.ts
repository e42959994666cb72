/** The API keys that the simulator accepts, with tier and quota. */
import { Quota, type QuotaLimits } from './quota.ts';

/** A key. The default limits are far above those of a real public key. */
export interface KeyOptions extends Partial<QuotaLimits> {
  readonly key: string;
  readonly tier: 'public' | 'premium';
}

/** A key of a public account, in the form of a real one: 64 hexadecimal digits. */
export const PUBLIC_KEY: string = 'a'.repeat(64);
/** A key of a premium account, which may also read `downloaded_files` and `urls`. */
export const PREMIUM_KEY: string = 'b'.repeat(64);

/** The keys of a simulator without `keys`. */
export const defaultKeys: readonly KeyOptions[] = [
  { key: PUBLIC_KEY, tier: 'public' },
  { key: PREMIUM_KEY, tier: 'premium' },
];

/** The account that a key belongs to. */
export interface Account {
  readonly key: string;
  readonly tier: 'public' | 'premium';
  readonly quota: Quota;
}

/**
 * Creates the accounts, with an unused quota.
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
