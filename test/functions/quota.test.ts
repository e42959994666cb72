/** `quota` in the test's process, on a table that a ledger has written. */
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { StateStore } from '../../shared/aws/table/state-store.ts';
import { Ledger } from '../../shared/ledger/ledger.ts';
import { QuotaTable } from '../../shared/ledger/quota-table.ts';
import { quotaCaller } from '../../shared/limits.ts';
import { quotaOutput } from '../../shared/operations/quota/output.ts';
import { rejection } from '../shared/virustotal/harness.ts';
import { startTable } from '../support/dynalite.ts';
import { loadFunction, setEnvironment } from '../support/environment.ts';
import { httpApiEvent, restApiEvent } from '../support/events.ts';
import { lambdaContext } from '../support/lambda-context.ts';

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const get = (query: [string, string][] = []) =>
  ({ method: 'GET', route: '/quota', query }) as const;

async function start(environment: Readonly<Record<string, string>> = {}) {
  const table = await startTable();
  const ledger = new Ledger({
    table: new QuotaTable(new StateStore({ client: table.client, tableName: table.tableName })),
    ...{ budgets: {}, tier: 'public', interactiveShare: 0.25 },
    ...{ now: Date.now, stopwatch: () => 0, random: () => 0 },
    onTrouble: () => undefined,
    onChange: () => undefined,
  });
  const settings = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: table.url,
    STATE_TABLE: table.tableName,
    ...environment,
  };
  onTestFinished(setEnvironment(settings));
  const { handler } = await loadFunction<typeof import('../../functions/quota.ts')>('quota');
  return {
    ...{ table, ledger },
    invoke: (event: unknown, leftMs?: number) => handler(event, lambdaContext(leftMs)),
  };
}

function bodyOf(answer: unknown): unknown {
  return JSON.parse(String(Reflect.get(Object(answer), 'body')));
}

describe('quota', () => {
  it('shows a quota of which nothing is used, and writes nothing', async () => {
    const { table, invoke } = await start();
    const expected = { minute: { allowed: 4, used: 0 }, day: { allowed: 500 }, source: 'tier' };
    expect(await invoke({})).toMatchObject(expected);
    expect(await table.item('quota#door')).toBeUndefined();
  });

  it('shows what is used, in each way of calling, with every field', async () => {
    const { ledger, invoke } = await start();
    const deadline = Date.now() + 9_000;
    await ledger.admit({ hasLongBody: false }, { deadline, caller: quotaCaller('interactive') });
    await ledger.admit({ hasLongBody: false }, { deadline, caller: quotaCaller('bulk', 'x') });
    const direct = await invoke({});
    expect(quotaOutput.safeParse(direct)).toEqual({ success: true, data: direct });
    expect(direct).toMatchObject({
      minute: { allowed: 4, used: 2 },
      day: { used: 2, left: 498 },
      month: { used: 2 },
      lanes: { interactive: { used: 1 }, bulk: { used: 1, waiting: 0 } },
    });
    for (const make of [restApiEvent, httpApiEvent]) {
      const answer = await invoke(make(get()));
      expect(answer).toMatchObject({ statusCode: 200, headers: { 'cache-control': 'no-store' } });
      expect(bodyOf(answer)).toEqual(direct);
    }
  });

  it('shows the budgets of the stack, with the cells that the next request finds', async () => {
    const { ledger, invoke } = await start({
      VIRUSTOTAL_QUOTA_PER_MINUTE: '2',
      VIRUSTOTAL_QUOTA_PER_DAY: 'none',
    });
    const caller = quotaCaller('interactive');
    await ledger.admit({ hasLongBody: false }, { deadline: Date.now() + 9_000, caller });
    expect(await invoke({})).toMatchObject({
      minute: { allowed: 2, used: 2, free_at: expect.any(String) },
      day: { allowed: null, used: 1, left: null },
      source: 'context',
    });
  });

  it.each([
    ['an unknown property', { x: 1 }, restApiEvent(get([['x', '1']]))],
    ['no object', 'quota', restApiEvent(get([['fresh', 'true']]))],
  ])('refuses %s', async (_what, direct, event) => {
    const { invoke } = await start();
    expect((await rejection(invoke(direct))).name).toBe('InvalidInputError');
    expect(await invoke(event)).toMatchObject({ statusCode: 400 });
  });

  it('says that the table cannot be reached', async () => {
    const { table, invoke } = await start({ AWS_MAX_ATTEMPTS: '1' });
    table.breakOff('BatchGetItem');
    expect((await rejection(invoke({}))).name).toBe('UpstreamUnavailableError');
    const answer = await invoke(restApiEvent(get()));
    expect(answer).toMatchObject({ statusCode: 503 });
    expect(bodyOf(answer)).toMatchObject({ error: { name: 'UpstreamUnavailableError' } });
  });

  it('does not start without a table', async () => {
    await expect(start({ STATE_TABLE: '' })).rejects.toThrow('bad environment: STATE_TABLE ');
  });
});
