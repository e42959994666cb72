/** `npm run quota`, apart from the API that it calls. */
import { describe, expect, it } from 'vitest';
import { quotaCommand } from '../../../infra/quota/command.ts';
import { formatQuota } from '../../../infra/quota/format.ts';
import { parseQuotaOptions } from '../../../infra/quota/options.ts';
import type { QuotaOutput } from '../../../shared/operations/quota/output.ts';

const quota: QuotaOutput = {
  minute: { allowed: 4, used: 4, free_at: '2026-11-28 12:00:05' },
  day: { allowed: 500, used: 400, left: 100, kept: 85, resets_at: '2026-11-29 00:00:00' },
  month: { allowed: 15_500, used: 9_000, left: 6_500, resets_at: '2026-12-01 00:00:00' },
  lanes: {
    interactive: { used: 40 },
    bulk: { used: 350, waiting: 5, last_at: '2026-11-28 12:02:00' },
  },
  blocked_until: '2026-11-28 12:01:00',
  source: 'account',
  learnt_at: '2026-11-28 11:59:00',
};

describe('the output', () => {
  it('says what is used and left, who waits, and until when', () => {
    expect(formatQuota(quota).split('\n')).toEqual([
      'minute   4 allowed, 4 used; the next at 2026-11-28 12:00:05 UTC',
      'day      500 allowed, 400 used, 100 left; renewed at 2026-11-29 00:00:00 UTC (85 kept for calls over HTTP)',
      'month    15500 allowed, 9000 used, 6500 left; renewed at 2026-12-01 00:00:00 UTC',
      'lanes    today 40 by calls over HTTP, 350 by others',
      'waiting  5; the last until about 2026-11-28 12:02:00 UTC',
      'blocked  VirusTotal has refused a request; until 2026-11-28 12:01:00 UTC',
      "budgets  from VirusTotal's account, which last answered at 2026-11-28 11:59:00 UTC",
    ]);
  });

  it('has no number where there is no limit', () => {
    const lines = formatQuota({
      ...quota,
      minute: { allowed: null, used: null, free_at: null },
      day: { ...quota.day, allowed: null, left: null, kept: 0 },
      lanes: { ...quota.lanes, bulk: { used: 0, waiting: 0, last_at: null } },
      ...{ blocked_until: null, source: 'tier' as const, learnt_at: null },
    }).split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'minute   no limit; the next may be sent now',
      'day      no limit, 400 used; renewed at 2026-11-29 00:00:00 UTC',
    ]);
    expect(lines.slice(4)).toEqual([
      'waiting  none',
      "budgets  from the tier, because neither settings nor VirusTotal's account are known",
    ]);
  });
});

describe('the command line', () => {
  it.each([
    [[], { isJson: false, deployed: undefined, port: undefined }],
    [['--json', '--port', '3001'], { isJson: true, deployed: undefined, port: 3001 }],
    [
      ['--stack', 'Mine', '--region', 'eu-central-1', '--profile', 'soc'],
      {
        ...{ isJson: false, port: undefined },
        deployed: { stack: 'Mine', region: 'eu-central-1', profile: 'soc' },
      },
    ],
    [['-h'], 'help'],
  ])('%j', (args, expected) => {
    expect(parseQuotaOptions(args)).toEqual(expected);
  });

  it.each([
    [['--stack', '1x'], '--stack: got "1x"; expected the name of a stack'],
    [['--stack', 'x', '--port', '3000'], 'got --stack and --port; expected one of them'],
    [['--profile', 'soc'], '--profile needs --stack'],
    [['--port', '0'], '--port: got "0"; expected a whole number from 1 to 65535'],
    [['--region', 'Frankfurt', '--stack', 'x'], '--region: got "Frankfurt"'],
    [['now'], 'allowed are --stack, --region, --profile, --port, --json, --help'],
  ])('%j is refused', async (args, message) => {
    const printed: string[] = [];
    const printer = { out: () => undefined, error: (text: string) => printed.push(text) };
    const findLocalRun = async () => {
      throw new Error('not asked for');
    };
    const code = await quotaCommand(args, findLocalRun, printer, new AbortController());
    expect(code).toBe(2);
    expect(printed.join()).toContain(message);
  });
});
