/** Prints the quota for people. */
import type { QuotaOutput } from '../../shared/operations/quota/output.ts';

/** Where the budgets come from, in words. */
const sources: Readonly<Record<QuotaOutput['source'], string>> = {
  context: 'settings of the stack',
  account: "VirusTotal's account",
  tier: "the tier, because neither settings nor VirusTotal's account are known",
};

/** Returns the lines to print. */
export function formatQuota(quota: QuotaOutput): string {
  const { minute, day, month, lanes, blocked_until, source, learnt_at } = quota;
  const { waiting, last_at } = lanes.bulk;
  const rows: readonly (readonly [string, string])[] = [
    [
      'minute',
      `${budget(minute.allowed)}${minute.used === null ? '' : `, ${minute.used} used`}; the next ${minute.free_at ? `at ${utc(minute.free_at)}` : 'may be sent now'}`,
    ],
    ['day', `${spent(day)}${day.kept > 0 ? ` (${day.kept} kept for calls over HTTP)` : ''}`],
    ['month', spent(month)],
    ['lanes', `today ${lanes.interactive.used} by calls over HTTP, ${lanes.bulk.used} by others`],
    ['waiting', last_at === null ? 'none' : `${waiting}; the last until about ${utc(last_at)}`],
    ...(blocked_until === null
      ? []
      : [['blocked', `VirusTotal has refused a request; until ${utc(blocked_until)}`] as const]),
    [
      'budgets',
      `from ${sources[source]}${learnt_at === null ? '' : `, which last answered at ${utc(learnt_at)}`}`,
    ],
  ];
  return rows.map(([name, text]) => `${name.padEnd(8)} ${text}`).join('\n');
}

function budget(allowed: number | null): string {
  return allowed === null ? 'no limit' : `${allowed} allowed`;
}

function spent({ allowed, used, left, resets_at }: QuotaOutput['month']): string {
  const rest = left === null ? '' : `, ${left} left`;
  return `${budget(allowed)}, ${used} used${rest}; renewed at ${utc(resets_at)}`;
}

function utc(date: string | null): string {
  return date === null ? 'an unknown time' : `${date} UTC`;
}
