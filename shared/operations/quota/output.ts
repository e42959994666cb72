/** Output of `quota`. */
import * as z from 'zod/mini';
import { nullableCount, nullableDate } from '../../schema/fields/output.ts';

const count = (description: string) => z.int().check(z.describe(description));
const resetsAt = nullableDate('When it is renewed.');

const minute = z.object({
  allowed: nullableCount('Requests in any 60 s; null without a limit.'),
  used: nullableCount(
    'Requests that count against the minute now; null if more than 20 a minute are allowed, because then they are not counted one by one.',
  ),
  free_at: nullableDate('When the next request may be sent; null if one may be sent now.'),
});

const day = z.object({
  allowed: nullableCount('Requests of the UTC day; null without a limit.'),
  used: count('Requests that are used, by the connector and, as far as the account shows, others.'),
  left: nullableCount('Requests that are left; null without a limit.'),
  kept: count(
    'Of those that are left, how many are kept for interactive callers now. They are given back to bulk before the day ends.',
  ),
  resets_at: resetsAt,
});

const month = z.object({
  allowed: nullableCount('Requests of the UTC month; null without a limit.'),
  used: count('Requests that are used.'),
  left: nullableCount('Requests that are left; null without a limit.'),
  resets_at: resetsAt,
});

const lanes = z.object({
  interactive: z
    .object({ used: count('Requests of the day by calls over HTTP.') })
    .check(z.describe('Calls over HTTP.')),
  bulk: z
    .object({
      used: count('Requests of the day by all other calls.'),
      waiting: count('Calls that wait in the line.'),
      last_at: nullableDate('About when the last of them gets its turn; null if none waits.'),
    })
    .check(z.describe('Direct invocations, playbooks and uploads.')),
});

export const quotaOutput = z.object({
  minute,
  day,
  month,
  lanes,
  blocked_until: nullableDate(
    'Until when nothing is sent, because VirusTotal has refused a request; null if it has not.',
  ),
  source: z
    .enum(['context', 'account', 'tier'])
    .check(
      z.describe(
        "Where the budgets come from: account if any of them is from VirusTotal's account; else context if any is a setting of the stack; else tier.",
      ),
    ),
  learnt_at: nullableDate("When VirusTotal's account last answered; null if it never has."),
});

/** What `quota` returns. */
export type QuotaOutput = z.infer<typeof quotaOutput>;
