/** Quotas of an account, https://docs.virustotal.com/reference/get-user-overall-quotas. */
import * as z from 'zod/mini';
import type { AccountQuotas } from '../../quota/learn.ts';
import { tolerant, whole } from './attributes.ts';

const allowance = tolerant(z.object({ allowed: whole, used: whole }));
const quota = tolerant(z.object({ user: allowance, group: allowance }));

/** From this many requests on, an account has no limit. */
const UNLIMITED = 1_000_000_000;
const MINUTES = 60;

/** Answer to `GET /users/{id}/overall_quotas`. The hourly quota is 60 times that of a minute. */
export const overallQuotas = z.pipe(
  z.object({
    data: z.object({
      api_requests_hourly: quota,
      api_requests_daily: quota,
      api_requests_monthly: quota,
    }),
  }),
  z.transform(({ data }): AccountQuotas => {
    const hours = knownOf(data.api_requests_hourly).map(({ allowed }) => allowed);
    const day = tightest(data.api_requests_daily);
    const month = tightest(data.api_requests_monthly);
    return {
      ...(hours.length > 0 && { perMinute: minuteOf(Math.min(...hours)) }),
      perDay: day && limitOf(day.allowed),
      perMonth: month && limitOf(month.allowed),
      usedDay: day?.used ?? null,
      usedMonth: month?.used ?? null,
    };
  }),
);

/** The quotas of the user and the user's group; one of 0 is not known. */
function knownOf(quotas: z.infer<typeof quota>) {
  return [quotas?.user, quotas?.group].flatMap((count) =>
    count?.allowed ? [{ allowed: count.allowed, used: count.used ?? 0 }] : [],
  );
}

/** The one of which less is left: a request is charged to both. */
function tightest(quotas: z.infer<typeof quota>) {
  return knownOf(quotas)
    .toSorted((a, b) => a.allowed - a.used - (b.allowed - b.used))
    .at(0);
}

function minuteOf(perHour: number): number {
  return limitOf(Math.max(1, Math.floor(perHour / MINUTES)));
}

function limitOf(allowed: number): number {
  return allowed >= UNLIMITED ? Number.POSITIVE_INFINITY : allowed;
}
