/** The quota in the output of `npm start`: one line whenever something begins or ends to wait for it. */
import * as z from 'zod/mini';
import { parseJson } from '../../../shared/schema/parse-json.ts';
import type { Terminal } from './terminal.ts';

/** A line that a function writes at each change of the quota. */
const quotaLine = z.object({
  quota: z.object({
    change: z.string(),
    lane: z.optional(z.string()),
    reason: z.optional(z.string()),
    until: z.optional(z.string()),
  }),
  QuotaUsed: z.optional(z.number()),
  QuotaLeft: z.optional(z.number()),
  QuotaWaiting: z.optional(z.number()),
});

type QuotaLine = z.infer<typeof quotaLine>;

/** Changes after which something waits. */
const waits: ReadonlySet<string> = new Set(['refused', 'blocked', 'unavailable']);

/** Returns what to do with a line of a function: most admissions are not shown, because their requests are. */
export function createQuotaStatus(terminal: Terminal): (line: string) => void {
  let isWaiting: boolean | undefined;
  return (line) => {
    if (!line.includes('"_aws"')) return;
    const parsed = quotaLine.safeParse(parseJson(line));
    if (!parsed.success || parsed.data.quota.change === 'learnt') return;
    const isBad = waits.has(parsed.data.quota.change);
    if (isBad || isWaiting !== false) terminal.event('quota', textOf(parsed.data), isBad);
    isWaiting = isBad;
  };
}

function textOf(line: QuotaLine): string {
  const { change, lane, reason, until } = line.quota;
  if (change === 'unavailable') return `the state table cannot be reached (${lane})`;
  const left = line.QuotaLeft === undefined ? '' : `, ${line.QuotaLeft} left`;
  const waiting = line.QuotaWaiting ? `, ${line.QuotaWaiting} waiting` : '';
  const used = `${line.QuotaUsed} used today${left}${waiting}`;
  if (until === undefined) return used;
  const why = change === 'blocked' ? 'VirusTotal has refused a request' : `${lane}: ${reason}`;
  return `${used}; ${why} until ${until.replace(/\.\d+Z$/, 'Z')}`;
}
