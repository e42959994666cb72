/** Quotas of an account, https://docs.virustotal.com/reference/get-user-overall-quotas. */
import * as z from 'zod/mini';
import { tolerant, whole } from './attributes.ts';

const allowance = tolerant(z.object({ allowed: whole, used: whole }));
const quota = tolerant(z.object({ user: allowance, group: allowance }));

/** Answer to `GET /users/{id}/overall_quotas`. */
export const overallQuotas = z.pipe(
  z.object({ data: z.object({ api_requests_daily: quota, api_requests_monthly: quota }) }),
  z.transform(({ data }) => ({
    isDaySpent: isSpent(data.api_requests_daily),
    isMonthSpent: isSpent(data.api_requests_monthly),
  })),
);

/** Whether the quota of the user or the user's group is used up; a quota of 0 counts as no quota. */
function isSpent(quotas: z.infer<typeof quota>): boolean {
  return [quotas?.user, quotas?.group].some(
    (count) => count?.allowed && count.used !== null && count.used >= count.allowed,
  );
}
