import { expect, it } from 'vitest';
import { createQuotaStatus } from '../../../../infra/local/cli/quota-status.ts';
import { createTerminal } from '../../../../infra/local/cli/terminal.ts';

function start() {
  const printed: string[] = [];
  const terminal = createTerminal(
    (text) => printed.push(text.slice(9).trim()),
    false,
    () => 0,
  );
  const onLine = createQuotaStatus(terminal);
  return {
    printed,
    say: (quota: object, metrics: object = {}) =>
      onLine(JSON.stringify({ message: 'quota changed', quota, _aws: {}, ...metrics })),
    onLine,
  };
}

const day = { QuotaUsed: 7, QuotaLeft: 493, QuotaWaiting: 0 };
const until = '2026-11-28T12:01:03.500Z';

it('prints a line when something begins to wait for the quota, and when requests go on', () => {
  const { printed, say } = start();
  say({ change: 'learnt' });
  say({ change: 'admitted', lane: 'bulk' }, day);
  say({ change: 'admitted', lane: 'bulk' }, { ...day, QuotaUsed: 8 });
  say({ change: 'refused', lane: 'bulk', reason: 'minute', until }, { ...day, QuotaWaiting: 3 });
  say({ change: 'blocked', until }, day);
  say({ change: 'admitted', lane: 'interactive' }, { QuotaUsed: 9, QuotaWaiting: 0 });
  say({ change: 'admitted', lane: 'interactive' }, { QuotaUsed: 10, QuotaWaiting: 0 });
  say({ change: 'unavailable', lane: 'interactive' });
  expect(printed).toEqual([
    'quota    7 used today, 493 left',
    'quota    7 used today, 493 left, 3 waiting; bulk: minute until 2026-11-28T12:01:03Z',
    'quota    7 used today, 493 left; VirusTotal has refused a request until 2026-11-28T12:01:03Z',
    'quota    9 used today',
    'quota    the state table cannot be reached (interactive)',
  ]);
});

it('prints nothing of other lines', () => {
  const { printed, onLine } = start();
  for (const line of ['text', '{"_aws":1', '{"_aws":{},"quota":5}', '{"quota":{"change":"x"}}']) {
    onLine(line);
  }
  expect(printed).toEqual([]);
});
