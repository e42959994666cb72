import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Check, CheckResult } from '../../../infra/verify/check.ts';
import type { CheckContext } from '../../../infra/verify/context.ts';
import {
  CheckFailure,
  expectEqual,
  NotApplicable,
  NotChecked,
} from '../../../infra/verify/outcomes.ts';
import { poll } from '../../../infra/verify/polling.ts';
import { QuotaSpent, throwIfQuotaSpent, whenQuotaAllows } from '../../../infra/verify/quota.ts';
import { jsonReport, junitReport } from '../../../infra/verify/report/files.ts';
import { resultTable } from '../../../infra/verify/report/table.ts';
import { exitCodeOfResults, runChecks } from '../../../infra/verify/run-checks.ts';

const abort = new AbortController();

function fails(): never {
  throw new Error('not expected');
}

/** A context for checks that use none of it. */
const context: CheckContext = {
  get target() {
    return fails();
  },
  get objects() {
    return fails();
  },
  settings: { bucket: undefined, prefix: '', suffix: '', mayLock: false },
  runId: 'run',
  startedAt: 0,
  signal: abort.signal,
  progress: () => undefined,
  sleep: async () => undefined,
  leave: () => undefined,
  shared: {},
};

const check = (id: string, run: () => string, rest: Partial<Check> = {}): Check => ({
  id,
  proves: 'It.',
  class: 'lookup',
  requests: 0,
  run: async () => run(),
  ...rest,
});

const throwing = (error: unknown) => () => {
  throw error;
};

async function statusOf(...checks: readonly Check[]): Promise<string[]> {
  const results = await runChecks(checks, context, { onStart: () => {}, onEnd: () => {} });
  return results.map(({ status, detail }) => `${status}: ${detail}`);
}

const ofService = (name: string) =>
  Object.assign(new Error('said AWS'), { name, $metadata: { httpStatusCode: 400 } });

describe('a check', () => {
  it.each<[string, () => string]>([
    ['passed: seen', () => 'seen'],
    ['failed: got 1; expected 2', throwing(new CheckFailure('got 1; expected 2'))],
    ['unchecked: no stack', throwing(new NotChecked('no stack'))],
    ['skipped: not set', throwing(new NotApplicable('not set'))],
    [
      'failed: ResourceNotFoundException: said AWS',
      throwing(ofService('ResourceNotFoundException')),
    ],
    ['unchecked: AccessDeniedException: said AWS', throwing(ofService('AccessDeniedException'))],
    ['unchecked: ExpiredTokenException: said AWS', throwing(ofService('ExpiredTokenException'))],
    ['unchecked: TypeError: a bug', throwing(new TypeError('a bug'))],
  ])('is %s', async (expected, run) => {
    expect(await statusOf(check('a', run))).toEqual([expected]);
  });

  it('is skipped where it does not apply, and unchecked if what it needs has not passed', async () => {
    const failed = check('a', throwing(new CheckFailure('broken')));
    const needing = check('b', () => 'never', { needs: ['a'] });
    const elsewhere = check('c', () => 'never', { notFor: () => 'only on AWS' });
    expect(await statusOf(failed, needing, elsewhere)).toEqual([
      'failed: broken',
      'unchecked: needs a, which has not passed',
      'skipped: only on AWS',
    ]);
  });
});

describe('the exit code', () => {
  const result = (status: CheckResult['status']): CheckResult => ({
    check: check('a', () => ''),
    status,
    detail: 'a "quoted" <b> \u001b[2K',
    seconds: 1,
  });

  it.each([
    [0, ['passed', 'skipped']],
    [1, ['passed', 'failed', 'unchecked']],
    [3, ['passed', 'unchecked']],
    [3, ['skipped']],
    [3, []],
  ] as const)('is %i for %j', (code, statuses) => {
    expect(exitCodeOfResults(statuses.map(result))).toBe(code);
  });

  it('goes with reports in which nothing unchecked counts as passed', () => {
    const results = (['passed', 'failed', 'unchecked', 'skipped'] as const).map(result);
    const verified = {
      target: 't & t',
      startedAt: '2026-11-28T00:00:00.000Z',
      results,
      leaves: [],
      exitCode: 1,
    };
    const xml = junitReport(verified);
    expect(xml).toContain('tests="4" failures="1" errors="1" skipped="1"');
    expect(xml).toContain('<failure message="a &#34;quoted&#34; &#60;b&#62; \\u{1b}[2K"/>');
    expect(xml).toContain('name="verify t &#38; t"');
    expect(JSON.parse(jsonReport(verified))).toMatchObject({
      exitCode: 1,
      results: [{ id: 'a', status: 'passed', seconds: 1 }, {}, {}, {}],
    });
    expect(resultTable(results, 120)).toContain('NOT CHECKED');
  });
});

describe('waiting', () => {
  it('for the quota takes as long as the connector says, and gives up for a day', async () => {
    const waits: number[] = [];
    const waiting = { progress: () => {}, sleep: async (ms: number) => void waits.push(ms) };
    let calls = 0;
    const call = async () => {
      calls += 1;
      if (calls < 3) throw new QuotaSpent(17);
      return 'answer';
    };
    expect(await whenQuotaAllows(waiting, call)).toBe('answer');
    expect(waits).toEqual([17_000, 17_000]);
    const spent = whenQuotaAllows(waiting, throwing(new QuotaSpent(40_000)));
    await expect(spent).rejects.toThrow(
      'the quota allows the next request in 40000 s; try again then',
    );
  });

  it('reads the seconds from the message', () => {
    expect(() => throwIfQuotaSpent('QuotaExceededError', 'spent; retryAfterSeconds=42')).toThrow(
      expect.objectContaining({ retryAfterSeconds: 42 }),
    );
    expect(throwIfQuotaSpent('ApiKeyError', 'no key')).toBeUndefined();
  });

  it('ends with what is found, or with nothing', async () => {
    let looks = 0;
    const look = async () => (++looks === 3 ? looks : undefined);
    expect(await poll({ sleep: async () => undefined }, 10_000, look)).toBe(3);
    expect(await poll({ sleep: (ms) => sleep(ms) }, 0, async () => undefined)).toBeUndefined();
  });

  it('names what was got and what was expected', () => {
    expect(() => expectEqual('status', 500, 200)).toThrow('status: got 500; expected 200');
    expect(expectEqual('list', [1], [1])).toBeUndefined();
  });
});
