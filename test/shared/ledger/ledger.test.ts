/** The ledger on a real engine: who is admitted, who waits, and what it writes. */
import { describe, expect, it } from 'vitest';
import { StateStore } from '../../../shared/aws/table/state-store.ts';
import { TableClient } from '../../../shared/aws/table/table-client.ts';
import { QuotaExceededError } from '../../../shared/errors.ts';
import { Ledger } from '../../../shared/ledger/ledger.ts';
import { QuotaTable } from '../../../shared/ledger/quota-table.ts';
import { type Limits, quotaCaller } from '../../../shared/limits.ts';
import type { Budgets } from '../../../shared/quota/budgets.ts';
import { describeChange, type QuotaChange, quotaMetrics } from '../../../shared/quota/change.ts';
import type { AccountQuotas } from '../../../shared/quota/learn.ts';
import type { GatedRequest } from '../../../shared/virustotal/gate.ts';
import { startTable, tableEnvironment } from '../../support/dynalite.ts';

const NOON = Date.UTC(2026, 10, 28, 12);
const publicKey: Budgets = { perMinute: 4, perDay: 500, perMonth: 15_500 };
const short: GatedRequest = { hasLongBody: false };

/** A client that counts its writes, and whose writes may be slow. */
class CountingClient extends TableClient {
  writes = 0;
  beforeWrite = () => {};

  override async send(...[action, input, signal]: Parameters<TableClient['send']>) {
    if (!action.includes('Get')) {
      this.writes += 1;
      this.beforeWrite();
    }
    return super.send(action, input, signal);
  }
}

async function start(budgets: Partial<Budgets> = publicKey) {
  const { url, tableName, item } = await startTable();
  const clock = { ms: NOON };
  const troubles: string[] = [];
  const changes: QuotaChange[] = [];
  const open = () => {
    const client = new CountingClient({ environment: tableEnvironment(url) });
    const ledger = new Ledger({
      table: new QuotaTable(new StateStore({ client, tableName })),
      budgets,
      tier: 'public',
      interactiveShare: 0.25,
      now: () => clock.ms,
      stopwatch: () => clock.ms,
      random: Math.random,
      onTrouble: (action) => troubles.push(action),
      onChange: (change) => changes.push(change),
    });
    return { client, ledger };
  };
  const door = async () => {
    const attributes = Object.entries((await item('quota#door')) ?? {});
    return Object.fromEntries(
      attributes.map(([name, value]) => [
        name,
        Number(typeof value === 'object' && value !== null ? Reflect.get(value, 'N') : Number.NaN),
      ]),
    );
  };
  return { open, clock, door, item, troubles, changes };
}

function bulk(work: string | null = null, hasBegun = false): Limits {
  return { deadline: Date.now() + 25_000, caller: quotaCaller('bulk', work, hasBegun) };
}

/** Leaves no time to wait. */
function interactive(): Limits {
  return { deadline: Date.now() + 8_000, caller: quotaCaller('interactive') };
}

async function refusalOf(pending: Promise<unknown>): Promise<QuotaExceededError> {
  const error = await pending.then(
    () => undefined,
    (refused: unknown) => refused,
  );
  if (error instanceof QuotaExceededError) return error;
  throw new Error(`expected a refusal, got ${String(error)}`);
}

describe('callers at once', () => {
  it('get as many cells as there are, distinct places, and write little', async () => {
    const { open, item, door } = await start();
    await open().ledger.admit(short, bulk('the first ever'));
    const callers = Array.from({ length: 60 }, (_, index) => ({ ...open(), work: `w${index}` }));
    const outcomes = await Promise.allSettled(
      callers.map(({ ledger, work }) => ledger.admit(short, bulk(work))),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    const places = await Promise.all(
      callers.map(async ({ work }) => (await item(`quota#place#${work}`))?.place),
    );
    const taken = places
      .filter((place) => place !== undefined)
      .map((place) => JSON.stringify(place));
    expect(taken).toHaveLength(58);
    expect(new Set(taken).size).toBe(58);
    const writes = callers.map(({ client }) => client.writes);
    expect(Math.max(...writes)).toBeLessThanOrEqual(4 + 3);
    expect(writes.reduce((sum, count) => sum + count, 0) / writes.length).toBeLessThanOrEqual(3);
    expect(await door()).toMatchObject({ used: 3, usedBulk: 3, usedMonth: 3 });
  });
});

describe('a refused caller', () => {
  it('of bulk learns its place and time, and finds its place again', async () => {
    const { open, clock, item } = await start();
    const { ledger } = open();
    for (const work of ['a', 'b', 'c']) await ledger.admit(short, bulk(work));
    const refusal = await refusalOf(ledger.admit(short, bulk('d')));
    expect(refusal.message).toBe(
      "Bulk's part of the minute's 4 requests is used; the next is free at 2026-11-28T12:01:03Z. place=1 of 1. Its turn is at about 2026-11-28T12:01:03Z. retryAfterSeconds=63",
    );
    expect((await refusalOf(ledger.admit(short, bulk('e')))).message).toContain('place=2 of 2');
    expect((await refusalOf(ledger.admit(short, bulk('d')))).message).toContain('place=1 of 2');
    clock.ms += refusal.retryAfterSeconds * 1000;
    const pass = await ledger.admit(short, bulk('d'));
    await pass.ended(true);
    expect(await item('quota#place#d')).toBeUndefined();
    expect(await item('quota#line')).toMatchObject({ next: { N: '2' }, seen: { N: '0' } });
  });

  it('of work that has begun, or of HTTP, takes no place', async () => {
    const { open, item } = await start();
    const { ledger } = open();
    for (const work of ['a', 'b', 'c']) await ledger.admit(short, bulk(work));
    await refusalOf(ledger.admit(short, bulk('poll', true)));
    await ledger.admit(short, interactive());
    expect((await refusalOf(ledger.admit(short, interactive()))).retryAfterSeconds).toBe(63);
    expect(await item('quota#line')).toBeUndefined();
  });
});

it('lets the second request of a call follow the first without a place', async () => {
  const { open, clock } = await start();
  const { ledger } = open();
  const limits = bulk('a');
  await ledger.admit(short, limits);
  for (const work of ['b', 'c']) await ledger.admit(short, bulk(work));
  await refusalOf(ledger.admit(short, bulk('d')));
  clock.ms += 62_500;
  await ledger.admit(short, limits);
});

it('lets a call that has begun, and was refused later, go before all others when it comes again', async () => {
  const { open, clock, item } = await start();
  const { ledger } = open();
  const limits = bulk('a');
  await (await ledger.admit(short, limits)).ended(true);
  for (const work of ['b', 'c']) await ledger.admit(short, bulk(work));
  // Hours of others are before.
  for (let n = 0; n < 9; n += 1) await refusalOf(ledger.admit(short, bulk(`other ${n}`)));
  const refusal = await refusalOf(ledger.admit(short, limits));
  expect(refusal.retryAfterSeconds).toBe(63);
  clock.ms += 63_000;
  await (await ledger.admit(short, bulk('a'))).ended(true);
  expect(await item('quota#place#a')).toBeUndefined();
  const { seen = { N: '-1' } } = Object(await item('quota#line'));
  expect(seen).toEqual({ N: '-1' });
});

it('keeps the cell of a long body until it has ended', async () => {
  const { open, clock, door } = await start({ ...publicKey, perMinute: 1 });
  const { ledger } = open();
  const pass = await ledger.admit({ hasLongBody: true }, bulk('a'));
  clock.ms += 70_000;
  expect((await door()).c0).toBeGreaterThan(clock.ms);
  await pass.ended(true);
  expect((await door()).c0).toBe(clock.ms + 62_500);
});

it('gives back a grant that came too late to be used', async () => {
  const { open, clock, door } = await start();
  const { client, ledger } = open();
  await ledger.admit(short, bulk('a'));
  let slow = 1;
  client.beforeWrite = () => {
    if (slow > 0) clock.ms += 600;
    slow -= 1;
  };
  await ledger.admit(short, bulk('b'));
  expect(await door()).toMatchObject({ used: 2, usedBulk: 2, usedMonth: 2 });
});

describe('a 429', () => {
  it('closes the door for everybody, and one request opens it', async () => {
    const { open, clock, door } = await start();
    const { ledger } = open();
    const pass = await ledger.admit(short, bulk('a'));
    const error = await pass.refused('Quota exceeded.', null);
    expect(error.message).toBe('Quota exceeded. retryAfterSeconds=60');
    expect((await refusalOf(ledger.admit(short, interactive()))).message).toContain(
      'VirusTotal has refused a request',
    );
    clock.ms += 60_000;
    const probe = await ledger.admit(short, interactive());
    expect((await refusalOf(ledger.admit(short, interactive()))).message).toContain('refused');
    await probe.ended(true);
    expect(await door()).toMatchObject({ strikes: 0 });
  });

  it('closes it to midnight if the account says that the day is spent', async () => {
    const { open } = await start({});
    const { ledger } = open();
    const { request, account } = accountWith({ perMinute: 4, perDay: 100, usedDay: 9 });
    const pass = await ledger.admit(request, bulk('a'));
    account.usedDay = 100;
    const error = await pass.refused('Quota exceeded.', null);
    expect(error.retryAfterSeconds).toBe(12 * 3_600 + 2);
  });

  it('of requests that were sent together counts once', async () => {
    const { open, clock, door } = await start();
    const { ledger } = open();
    const passes = [
      await ledger.admit(short, bulk('a')),
      await ledger.admit(short, bulk('b')),
      await ledger.admit(short, interactive()),
    ];
    for (const pass of passes) {
      clock.ms += 100;
      expect((await pass.refused('Quota exceeded.', null)).retryAfterSeconds).toBe(60);
    }
    expect(await door()).toMatchObject({ strikes: 1, blockedUntil: NOON + 60_300 });
  });

  it('closes the door for twice as long when the probe is refused, too', async () => {
    const { open, clock } = await start();
    const { ledger } = open();
    const seconds: number[] = [];
    for (let times = 0; times < 6; times += 1) {
      const pass = await ledger.admit(short, interactive());
      const { retryAfterSeconds } = await pass.refused('Quota exceeded.', null);
      seconds.push(retryAfterSeconds);
      clock.ms += retryAfterSeconds * 1000 + 5;
    }
    expect(seconds).toEqual([60, 120, 240, 480, 900, 900]);
  });
});

/** An account that can be asked, and that a test changes. */
function accountWith(said: Partial<AccountQuotas>) {
  const account = { perMinute: 4, perDay: 500, usedDay: 0, usedMonth: null, ...said };
  let asked = 0;
  const askAccount = async () => {
    asked += 1;
    return account;
  };
  return { account, asked: () => asked, request: { hasLongBody: false, askAccount } };
}

describe('the account', () => {
  it('is asked before the first request ever, so that cells are made for its budget', async () => {
    const { open, door } = await start({});
    const { request, asked } = accountWith({ perMinute: 1_000, perDay: 50_000, usedDay: 70 });
    const { ledger } = open();
    await (await ledger.admit(request, bulk('a'))).ended(true);
    await (await ledger.admit(request, interactive())).ended(true);
    const learnt = { perMinute: 1_000, cellsFor: 1_000, perDay: 50_000 };
    expect(await door()).toMatchObject({ ...learnt, used: 72, usedBulk: 1, usedElsewhere: 70 });
    expect(asked()).toBe(1);
  });

  it('is asked again after a quarter of an hour', async () => {
    const { open, clock, door } = await start({});
    const { request, account, asked } = accountWith({});
    const { ledger } = open();
    await (await ledger.admit(request, bulk('a'))).ended(true);
    account.usedDay = 40;
    clock.ms += 14 * 60_000;
    await (await ledger.admit(request, bulk('b'))).ended(true);
    expect([asked(), (await door()).used]).toEqual([1, 2]);
    clock.ms += 60_000;
    await (await ledger.admit(request, bulk('c'))).ended(true);
    expect([asked(), (await door()).used]).toEqual([2, 40]);
  });

  it('is asked when a call would be refused for long, and may open the door', async () => {
    const { open, clock, door } = await start({});
    const { request, account, asked } = accountWith({ usedDay: 500 });
    const { ledger } = open();
    expect((await refusalOf(ledger.admit(request, interactive()))).message).toContain(
      "The day's 500 requests are used",
    );
    account.perDay = 1_000;
    clock.ms += 10 * 60_000;
    await refusalOf(ledger.admit(request, interactive()));
    expect(asked()).toBe(1);
    clock.ms += 5 * 60_000;
    await ledger.admit(request, interactive());
    expect(asked()).toBe(2);
    expect(await door()).toMatchObject({ perDay: 1_000, used: 501 });
  });

  it('lowers the count when it has charged less, as for new files', async () => {
    const { open, clock, door } = await start({});
    const { request, account } = accountWith({ perDay: 2 });
    const { ledger } = open();
    await (await ledger.admit(request, interactive())).ended(true);
    await (await ledger.admit(request, interactive())).ended(true);
    await refusalOf(ledger.admit(request, interactive()));
    account.usedDay = 1;
    clock.ms += 15 * 60_000;
    await ledger.admit(request, interactive());
    expect(await door()).toMatchObject({ used: 2, usedElsewhere: -1 });
  });

  it('ends a block to midnight once it shows that the day is no longer spent', async () => {
    const { open, clock } = await start({});
    const { request, account } = accountWith({ usedDay: 10 });
    const { ledger } = open();
    const pass = await ledger.admit(request, bulk('a'));
    account.usedDay = 500;
    await pass.refused('Quota exceeded.', null);
    account.perDay = 1_000;
    clock.ms += 15 * 60_000;
    const probe = await ledger.admit(request, interactive());
    expect((await refusalOf(ledger.admit(request, interactive()))).message).toContain('refused');
    await probe.ended(true);
  });

  it('that cannot be asked does not keep a call from beginning', async () => {
    const { open, troubles, door } = await start({});
    const askAccount = async () => {
      throw new Error('away');
    };
    await open().ledger.admit({ hasLongBody: false, askAccount }, bulk('a'));
    expect(troubles).toEqual(["learn the account's quotas"]);
    expect(await door()).toMatchObject({ cellsFor: 4, used: 1, learntAt: 0, askedAt: NOON });
  });
});

it('takes a cell for a request that is free, and nothing of the day', async () => {
  const { open, door } = await start();
  const { ledger } = open();
  for (const work of ['a', 'b', 'c']) {
    await ledger.admit({ hasLongBody: false, isFree: true }, bulk(work));
  }
  expect(await door()).toMatchObject({ used: 0, usedBulk: 0, usedMonth: 0, bulkCalls: 3 });
  await refusalOf(ledger.admit(short, bulk('d')));
});

it('tells each change: admitted, refused, blocked, learnt', async () => {
  const { open, changes } = await start({});
  const { ledger } = open();
  const { request } = accountWith({ perMinute: 2, usedDay: 5 });
  const passes = [
    await ledger.admit(request, bulk('a')),
    await ledger.admit({ ...request, isFree: true }, interactive()),
  ];
  await refusalOf(ledger.admit(request, interactive()));
  await refusalOf(ledger.admit(request, bulk('c')));
  await passes[0]?.refused('Quota exceeded.', null);
  const shown = changes.map((change) => [
    describeChange(change),
    Object.fromEntries(quotaMetrics(change, NOON).map(({ name, value }) => [name, value])),
  ]);
  const used = { QuotaUsed: 6, QuotaLeft: 494 };
  const until = '2026-11-28T12:01:02.500Z';
  expect(shown).toEqual([
    [
      { change: 'admitted', lane: 'bulk' },
      { QuotaAdmitted: 1, ...used, QuotaWaiting: 0, QuotaBlocked: 0 },
    ],
    [
      { change: 'admitted', lane: 'interactive' },
      { QuotaAdmitted: 1, ...used, QuotaWaiting: 0, QuotaBlocked: 0 },
    ],
    [
      { change: 'refused', lane: 'interactive', reason: 'minute', until },
      { QuotaRefused: 1, ...used, QuotaWaiting: 0, QuotaBlocked: 0 },
    ],
    [
      { change: 'refused', lane: 'bulk', reason: 'minute', until },
      { QuotaRefused: 1, ...used, QuotaWaiting: 1, QuotaBlocked: 0 },
    ],
    [{ change: 'learnt' }, { QuotaLearnt: 1 }],
    [
      { change: 'blocked', until: '2026-11-28T12:01:00.000Z' },
      { QuotaBlocks: 1, QuotaUsed: 5, QuotaLeft: 495, QuotaWaiting: 0, QuotaBlocked: 1 },
    ],
  ]);
});

describe('without its table', () => {
  function away() {
    const client = new TableClient({ environment: tableEnvironment('http://127.0.0.1:9') });
    const troubles: string[] = [];
    const changes: QuotaChange[] = [];
    const ledger = new Ledger({
      table: new QuotaTable(new StateStore({ client, tableName: 'state' })),
      budgets: publicKey,
      tier: 'public',
      interactiveShare: 0.25,
      now: Date.now,
      stopwatch: Date.now,
      random: () => 0,
      onTrouble: (action) => troubles.push(action),
      onChange: (change) => changes.push(change),
    });
    return { ledger, troubles, changes };
  }

  it('lets interactive callers go on, and says so', async () => {
    const { ledger, troubles, changes } = away();
    await (await ledger.admit(short, interactive())).ended(true);
    expect(troubles).toEqual(['admit a request']);
    expect(changes).toEqual([{ kind: 'unavailable', lane: 'interactive' }]);
  });

  it('has bulk wait', async () => {
    const { ledger, changes } = away();
    await expect(ledger.admit(short, bulk('a'))).rejects.toMatchObject({
      name: 'UpstreamUnavailableError',
    });
    expect(changes).toEqual([{ kind: 'unavailable', lane: 'bulk' }]);
  });

  it('does not let a call go on that has ended', async () => {
    const { ledger, changes } = away();
    const signal = AbortSignal.abort(new Error('ended'));
    await expect(ledger.admit(short, { ...interactive(), signal })).rejects.toThrow('in the time');
    expect(changes).toEqual([]);
  });
});
