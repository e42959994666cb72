/** No answer of before a submission is used after it, by any digest or spelling. */
import { describe, expect, it } from 'vitest';
import { analysisEpoch } from '../../../shared/indicators/scan-id.ts';
import { http, startShared } from './harness.ts';

const digests = {
  md5: '44d88612fea8a8f36de82e1278abb02f',
  sha1: '3395856ce81f2b7382dee72602f798b642f14140',
  sha256: '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f',
};

const spellings = [
  'http://malware.example.com',
  'http://malware.example.com/',
  'http://malware.example.com:80/',
  'http://malware.example.com/#top',
];

type Shared = Awaited<ReturnType<typeof startShared>>;

/** Reads all, and expects that each is asked for. */
async function expectAllAsked({ asked }: Shared, looks: readonly (() => Promise<unknown>)[]) {
  const before = asked().length;
  for (const look of looks) await look();
  expect(asked()).toHaveLength(before + looks.length);
}

describe('after the submission of a file', () => {
  it('its three digests are asked for again, and kept once the analysis has ended', async () => {
    const shared = await startShared();
    const { virusTotal } = shared.open();
    const looks = Object.values(digests).map((digest) => () => virusTotal.file(digest, http()));
    await expectAllAsked(shared, looks);
    const submit = async () => {
      const { id } = await virusTotal.reanalyseFile(digests.sha256, http());
      await virusTotal.forgetFile(Object.values(digests), analysisEpoch(id), http());
    };
    // At once, although VirusTotal may merge it into the analysis of a moment ago; and later.
    for (const later of [0, 30_000, 3_600_000]) {
      shared.clock.ms += later;
      await submit();
      await expectAllAsked(shared, looks);
      await expectAllAsked(shared, looks);
      shared.clock.ms += 10_000;
      await expectAllAsked(shared, looks);
      const before = shared.asked().length;
      for (const look of looks) expect(await look()).toMatchObject({ status: 'found' });
      expect(shared.asked()).toHaveLength(before);
    }
  });

  it('a lookup by scan_id never gets an older report', async () => {
    const shared = await startShared();
    const { virusTotal } = shared.open();
    await virusTotal.file(digests.sha256, http());
    shared.clock.ms += 3_600_000;
    const epoch = Math.floor(shared.clock.ms / 1000);
    await virusTotal.reanalyseFile(digests.sha256, http());
    // Even if nothing was forgotten.
    const poll = () => virusTotal.file(digests.sha256, http('use', epoch));
    await expectAllAsked(shared, [poll, poll]);
    shared.clock.ms += 10_000;
    await expectAllAsked(shared, [poll]);
    const before = shared.asked().length;
    const last = await poll();
    expect(last).toMatchObject({ status: 'found' });
    expect(last.status === 'found' && last.object.lastAnalysisDate).toBeGreaterThanOrEqual(epoch);
    expect(shared.asked()).toHaveLength(before);
  });

  it('an answer that VirusTotal gave before it, and that arrives after it, is not kept', async () => {
    const shared = await startShared();
    const { virusTotal, cache } = shared.open();
    const started = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<string>();
    const question = {
      template: '/files/{id}',
      id: digests.md5,
      query: {},
      submittedAs: [],
      keepable: () => ({ isFound: true, analysedAt: 4_000_000_000 }),
    };
    const old = cache.answer(question, http(), async (begin) => {
      await begin?.(http());
      started.resolve();
      return answered.promise;
    });
    await started.promise;
    await virusTotal.forgetFile(Object.values(digests), null, http());
    answered.resolve('old');
    expect(await old).toBe('old');
    expect(await cache.answer(question, http('only'), async () => 'never')).toBeNull();
  });
});

describe('after the submission of a URL', () => {
  it.each(spellings)('as %s every spelling and the SHA-256 are asked for again', async (url) => {
    const shared = await startShared();
    const { virusTotal } = shared.open();
    const first = await virusTotal.url('http://malware.example.com/', http());
    const sha256 = first.status === 'found' ? first.object.sha256 : '';
    const looks = [
      ...spellings.map((spelling) => () => virusTotal.url(spelling, http())),
      () => virusTotal.urlById(sha256, http()),
    ];
    for (const look of looks) await look();
    const before = shared.asked().length;
    for (const look of looks) await look();
    expect(shared.asked()).toHaveLength(before);
    await virusTotal.submitUrl(url, http());
    await expectAllAsked(shared, looks);
    shared.clock.ms += 10_000;
    await expectAllAsked(shared, looks);
    const finished = shared.asked().length;
    for (const look of looks) expect(await look()).toMatchObject({ status: 'found' });
    expect(shared.asked()).toHaveLength(finished);
  });

  it('that VirusTotal did not know it is not "unknown" from the cache', async () => {
    const shared = await startShared();
    const { virusTotal } = shared.open();
    const looks = ['http://new.example.com', 'http://new.example.com/'].map(
      (url) => () => virusTotal.url(url, http()),
    );
    for (const look of looks) expect((await look()).status).toBe('unknown');
    await virusTotal.submitUrl('http://new.example.com/#a', http());
    // While the first analysis runs, VirusTotal still does not know it.
    await expectAllAsked(shared, looks);
    shared.clock.ms += 10_000;
    await expectAllAsked(shared, looks);
    for (const look of looks) expect((await look()).status).toBe('found');
  });
});

describe('an analysis that is running', () => {
  it('is asked for by each caller at once, and kept when it has ended', async () => {
    const shared = await startShared();
    const { virusTotal } = shared.open();
    const { id } = await virusTotal.submitUrl('http://new.example.com/', http());
    const poll = () => shared.open().virusTotal.analysis(String(id), http());
    await poll();
    const before = shared.asked().length;
    const at = shared.clock.ms;
    await Promise.all(Array.from({ length: 10 }, poll));
    expect(shared.asked()).toHaveLength(before + 10);
    expect(shared.clock.ms).toBe(at);
    shared.clock.ms += 10_000;
    await poll();
    await poll();
    expect(shared.asked()).toHaveLength(before + 11);
  });
});
