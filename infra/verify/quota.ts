/** Waits when VirusTotal's quota is spent, for as long as the connector says. */

import type { CheckContext } from './context.ts';
import { NotChecked } from './outcomes.ts';

/** VirusTotal's quota, or API Gateway's limit, allows no request now. */
export class QuotaSpent extends Error {
  override readonly name = 'QuotaSpent';
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super(`the quota allows the next request in ${retryAfterSeconds} s`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** How long one call may wait, seconds. A minute's quota is back sooner, a day's is not. */
const PATIENCE_S = 600;

/**
 * Calls until the quota allows it.
 *
 * @throws NotChecked if that takes too long
 */
export async function whenQuotaAllows<T>(
  { progress, sleep }: Pick<CheckContext, 'progress' | 'sleep'>,
  call: () => Promise<T>,
): Promise<T> {
  for (let waited = 0; ; ) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof QuotaSpent)) throw error;
      const { retryAfterSeconds: seconds } = error;
      waited += seconds;
      if (waited > PATIENCE_S) throw new NotChecked(`${error.message}; try again then`);
      progress(`waiting ${seconds} s for the quota`);
      await sleep(seconds * 1000);
    }
  }
}

/** Reads the seconds at the end of a QuotaExceededError's message. @throws QuotaSpent */
export function throwIfQuotaSpent(name: string | undefined, message: string): void {
  if (name !== 'QuotaExceededError') return;
  throw new QuotaSpent(Number(/retryAfterSeconds=(\d+)$/.exec(message)?.[1] ?? 60));
}
