/** The cache on a real engine: what is asked once, what is asked again, and who asks. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { reportKey } from '../../../shared/cache/report-key.ts';
import { fileQuestion, ipQuestion } from '../../../shared/virustotal/question.ts';
import { direct, http, type KillPoint, startShared } from './harness.ts';

const HOUR_MS = 3_600_000;
const ips = Array.from({ length: 50 }, (_, index) => `203.0.113.${index + 1}`);
const EICAR = {
  md5: '44d88612fea8a8f36de82e1278abb02f',
  sha1: '3395856ce81f2b7382dee72602f798b642f14140',
  sha256: '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f',
};

describe('50 lookups', () => {
  it('repeated 20 times, each time in another process, are 50 requests', async () => {
    const { open, asked } = await startShared();
    const first = await Promise.all(ips.map((ip) => open().virusTotal.ipAddress(ip, http())));
    for (let time = 1; time < 20; time += 1) {
      const { virusTotal } = open();
      const again = await Promise.all(ips.map((ip) => virusTotal.ipAddress(ip, http())));
      expect(again).toEqual(first);
    }
    expect(asked()).toHaveLength(50);
  });

  it('of which ten are asked 20 times at once, by as many processes, are one request each', async () => {
    const { open, asked } = await startShared();
    const processes = Array.from({ length: 20 }, () => open());
    for (const ip of ips.slice(0, 10)) {
      const answers = await Promise.all(
        processes.map(({ virusTotal }) => virusTotal.ipAddress(ip, http())),
      );
      expect(answers.every(({ status }) => status === 'found')).toBe(true);
    }
    expect(asked()).toHaveLength(10);
    expect(processes.every(({ troubles }) => troubles.length === 0)).toBe(true);
  });
});

describe('a process that is killed', () => {
  it.each<[KillPoint, number]>([
    ['lease', 1],
    ['door', 1],
    ['request', 2],
    ['put', 1],
  ])(
    'after its %s costs no more than one request, and no answer',
    async (killedAfter, requests) => {
      const { open, asked, clock } = await startShared();
      await open().virusTotal.ipAddress('203.0.113.99', http());
      const before = asked().length;
      const dead = open({ killedAfter });
      void dead.virusTotal.ipAddress('203.0.113.1', http()).catch(() => {});
      const expected = killedAfter === 'lease' || killedAfter === 'door' ? 0 : 1;
      await expect
        .poll(() => dead.client.writes + asked().length - before, { interval: 5 })
        .toBeGreaterThanOrEqual(dead.client.lastWrite + expected);
      const diedAt = clock.ms;
      const followers = Array.from({ length: 5 }, () => open());
      const answers = await Promise.all(
        followers.map(({ virusTotal }) => virusTotal.ipAddress('203.0.113.1', http())),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(5).fill('found'));
      expect(asked()).toHaveLength(before + requests);
      // After a put there is nothing to wait for.
      if (killedAfter !== 'put') expect(clock.ms - diedAt).toBeGreaterThanOrEqual(5_000);
      expect(clock.ms - diedAt).toBeLessThan(10_000);
    },
  );
});

describe('an answer', () => {
  it('is kept for 24 hours, or for one if VirusTotal does not know the object', async () => {
    const { open, asked, clock } = await startShared();
    const { virusTotal, counts } = open();
    const look = async () => {
      await virusTotal.file(EICAR.md5, http());
      await virusTotal.file('ab'.repeat(32), http());
    };
    await look();
    clock.ms += HOUR_MS - 1;
    await look();
    expect(asked()).toHaveLength(2);
    clock.ms += 1;
    await look();
    expect(asked()).toHaveLength(3);
    clock.ms += 23 * HOUR_MS;
    await look();
    expect(asked()).toHaveLength(5);
    expect(counts).toEqual({ cacheHits: 3, cacheMisses: 5 });
  });

  it('says when VirusTotal gave it', async () => {
    const { open, clock } = await startShared();
    const { virusTotal } = open();
    const first = http();
    await virusTotal.file(EICAR.md5, first);
    expect(first.cache).toMatchObject({ answeredAt: null, isKept: true });
    const askedAt = clock.ms;
    clock.ms += 1_000;
    const second = http();
    await virusTotal.file(EICAR.md5, second);
    expect(second.cache).toMatchObject({ answeredAt: askedAt, isKept: true });
  });

  it('of an older version of the schemas is not read', async () => {
    const { open, asked } = await startShared();
    await open().virusTotal.file(EICAR.md5, http());
    await open({ version: 'v2' }).virusTotal.file(EICAR.md5, http());
    expect(asked()).toHaveLength(2);
  });

  it('that is damaged is asked for again', async () => {
    const { open, asked, table, clock } = await startShared();
    await open().virusTotal.file(EICAR.md5, http());
    clock.ms += 1;
    await table.damage(reportKey('v1', fileQuestion(EICAR.md5)), 'body');
    const { virusTotal, troubles } = open();
    expect((await virusTotal.file(EICAR.md5, http())).status).toBe('found');
    expect(troubles).toEqual(['read a report']);
    await virusTotal.file(EICAR.md5, http());
    expect(asked()).toHaveLength(2);
  });

  it('that is refused, failed or forbidden is not kept', async () => {
    const { open, asked, simulator } = await startShared();
    const { virusTotal } = open();
    simulator.fault({ kind: 'answer', status: 400, code: 'BadRequestError', times: 1 });
    await expect(virusTotal.file(EICAR.md5, http())).rejects.toMatchObject({
      name: 'UpstreamError',
    });
    simulator.fault({ kind: 'answer', status: 403, code: 'ForbiddenError', times: 1 });
    expect(await virusTotal.related('domains', 'example.com', 'urls', http())).toBe('forbidden');
    simulator.fault({ kind: 'answer', status: 400, code: 'NotAvailableYet', times: 1 });
    expect((await virusTotal.file(EICAR.md5, http())).status).toBe('not-available-yet');
    expect(asked()).toHaveLength(3);
    expect((await virusTotal.file(EICAR.md5, http())).status).toBe('found');
    expect(asked()).toHaveLength(4);
  });
});

describe('a call', () => {
  it('with "bypass" asks, and its answer is kept', async () => {
    const { open, asked } = await startShared();
    const { virusTotal } = open();
    for (let time = 0; time < 2; time += 1) await virusTotal.file(EICAR.md5, http('bypass'));
    expect(asked()).toHaveLength(2);
    await virusTotal.file(EICAR.md5, http());
    expect(asked()).toHaveLength(2);
  });

  it('with "only" never asks', async () => {
    const { open, asked } = await startShared();
    const { virusTotal } = open();
    expect((await virusTotal.file(EICAR.md5, http('only'))).status).toBe('not-cached');
    const list = virusTotal.related('domains', 'example.com', 'urls', http('only'));
    expect(await list).toBe('not-cached');
    await virusTotal.file(EICAR.md5, http());
    expect((await virusTotal.file(EICAR.md5, http('only'))).status).toBe('found');
    expect(asked()).toHaveLength(1);
  });

  it('whose door is closed gets the answer that another call is waiting for', async () => {
    const { open, asked } = await startShared();
    const budgets = { perMinute: 1, perDay: 500, perMonth: 15_500 };
    const answers = await Promise.all(
      ips.slice(0, 8).map(() => open({ budgets }).virusTotal.ipAddress('203.0.113.1', http())),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill('found'));
    expect(asked()).toHaveLength(1);
  });

  it('that comes back for what is missing goes before those who have not begun', async () => {
    const { open } = await startShared();
    await open().virusTotal.ipAddress('203.0.113.1', direct('this'));
    const same = direct('this');
    await open().virusTotal.ipAddress('203.0.113.1', same);
    expect(same.caller?.progress.hasBegun).toBe(true);
    const other = direct('other');
    await open().virusTotal.ipAddress('203.0.113.1', other);
    expect(other.caller?.progress.hasBegun).toBe(false);
  });
});

it('counts an answer that does not fit into an item, and does not keep it', async () => {
  const { open, asked } = await startShared();
  const { cache, counts } = open();
  // Noise, which gzip cannot shorten.
  const noise = Array.from({ length: 12_000 }, (_, index) =>
    createHash('sha256').update(String(index)).digest('hex'),
  );
  const question = { ...ipQuestion('203.0.113.1'), keepable: () => always };
  await cache.answer(question, http(), async () => noise);
  await cache.answer(question, http(), async () => noise);
  expect(counts).toEqual({ cacheMisses: 2, cacheTooLarge: 2 });
  expect(asked()).toHaveLength(0);
});

const always = { isFound: true, analysedAt: null };

it('goes on without its table, and says so', async () => {
  const { open, table } = await startShared();
  table.breakOff('BatchGetItem');
  const { virusTotal, troubles } = open();
  expect((await virusTotal.ipAddress('203.0.113.1', http())).status).toBe('found');
  expect(troubles).toEqual(['read a report', 'admit a request']);
  await expect(virusTotal.ipAddress('203.0.113.1', http('only'))).rejects.toMatchObject({
    name: 'UpstreamUnavailableError',
  });
});
