/** How long to wait after a 429. */
import { overallQuotas } from './answers/index.ts';

/** Wait if the minute's quota is used up, seconds: it has no counter, so wait a whole minute. */
export const MINUTE_SECONDS = 60;

/**
 * Returns the seconds until the account's quota resets, from the answer to `GET /users/{id}/overall_quotas`
 * (https://docs.virustotal.com/reference/user-overall-quotas): days and months end in UTC.
 *
 * @param body - the parsed answer
 * @param nowMs - epoch milliseconds
 */
export function secondsToReset(body: unknown, nowMs: number): number {
  const quotas = overallQuotas.safeParse(body);
  if (!quotas.success) return MINUTE_SECONDS;
  const now = new Date(nowMs);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  if (quotas.data.isMonthSpent) return (Date.UTC(year, month + 1) - nowMs) / 1000;
  if (quotas.data.isDaySpent) return (Date.UTC(year, month, now.getUTCDate() + 1) - nowMs) / 1000;
  return MINUTE_SECONDS;
}
