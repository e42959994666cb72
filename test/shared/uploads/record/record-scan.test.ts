import { describe, expect, it } from 'vitest';
import { sha256OfJson } from '../../../../shared/sha256.ts';
import { recordScan } from '../../../../shared/uploads/record/record-scan.ts';
import { RECORD_SECONDS } from '../../../../shared/uploads/state/records.ts';
import {
  call,
  PLAIN,
  REPORTS,
  reportOf,
  requestOf,
  scanId,
  sha256,
  startRecording,
  UPLOADS,
} from './harness.ts';

const tags = [
  `virustotal-scan-id=${scanId}`,
  'virustotal-scanned-at=2023-11-14T22:13:20Z',
  'virustotal-verdict=malicious',
];
const pending = () => requestOf({ outcome: 'pending', report: null });
const failed = () =>
  requestOf({ outcome: 'failed', report: null, error: { name: 'ApiKeyError', message: 'empty' } });

describe('recording', () => {
  it('keeps the report, tags the version, sends the event and marks the item', async () => {
    const world = await startRecording();
    const object = await world.put(UPLOADS, 'a b/é.txt', 'hello world', 'team=red');
    const detail = await recordScan(world.services, requestOf(), object, call());
    const [key = '', ...others] = await world.keys(REPORTS);
    expect(others).toEqual([]);
    expect(JSON.parse((await world.body(REPORTS, key)).text ?? '')).toEqual(reportOf('malicious'));
    expect(await world.tags(UPLOADS, 'a b/é.txt', object.versionId)).toEqual(['team=red', ...tags]);
    expect(world.events).toEqual([detail]);
    expect(detail).toMatchObject({
      schema_version: '1',
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      stage: 'final',
      object: { bucket: UPLOADS, key: 'a b/é.txt', version_id: object.versionId, size: 11 },
      outcome: 'reported',
      verdict: { value: 'malicious', policy: 'balanced', ratio: { malicious: 3, total: 70 } },
      scan_id: scanId,
      scanned_at: '2023-11-14T22:13:20Z',
      digests: { md5: 'm', sha1: 's', sha256 },
      report: { bucket: REPORTS, key },
      tags: { status: 'written', left_out: [] },
      quarantine: null,
    });
    expect(await world.items()).toEqual([
      expect.objectContaining({ phase: { S: 'recorded' }, isFinal: { BOOL: true } }),
    ]);
  });

  it('returns the first record to later callers, and does nothing else', async () => {
    const world = await startRecording();
    const object = await world.put(UPLOADS, 'k', 'hello world');
    const first = await recordScan(world.services, requestOf(), object, call());
    const other = requestOf({ report: reportOf('clean') });
    for (const request of [other, pending(), failed()]) {
      expect(await recordScan(world.services, request, object, call())).toEqual(first);
    }
    expect(world.events).toEqual([first]);
    expect(await world.tags(UPLOADS, 'k')).toEqual(tags);
    expect(await world.keys(REPORTS)).toEqual([first.report?.key]);
    expect(JSON.parse((await world.body(REPORTS, first.report?.key ?? '')).text ?? '')).toEqual(
      reportOf('malicious'),
    );
  });

  it.each([
    ['pending', pending],
    ['failed', failed],
    ['a report that knows too little', () => requestOf({ report: reportOf('unknown') })],
  ])('lets a final outcome follow %s, under another id', async (_, provisional) => {
    const world = await startRecording();
    const object = await world.put(UPLOADS, 'k', 'hello world');
    const first = await recordScan(world.services, provisional(), object, call());
    expect(first.stage).toBe('provisional');
    const second = await recordScan(world.services, requestOf(), object, call());
    expect(second).toMatchObject({ stage: 'final', verdict: { value: 'malicious' } });
    expect(second.id).not.toBe(first.id);
    expect(world.events).toEqual([first, second]);
    expect(await world.tags(UPLOADS, 'k')).toEqual(tags);
    const third = await recordScan(world.services, provisional(), object, call());
    expect(third).toEqual(second);
  });

  it('keeps the first of two provisional outcomes', async () => {
    const world = await startRecording();
    const object = await world.put(UPLOADS, 'k', 'hello world');
    const first = await recordScan(world.services, failed(), object, call());
    expect(await recordScan(world.services, pending(), object, call())).toEqual(first);
    expect(world.events).toEqual([first]);
  });

  it('replaces a skip for lack of access, and its tag, once a scan has access', async () => {
    const world = await startRecording();
    const object = await world.put(UPLOADS, 'k', 'hello world');
    const error = { name: 'ObjectAccessDeniedError', message: 'denied' };
    const denied = requestOf({ outcome: 'skipped', reason: 'denied', report: null, error });
    const skipped = await recordScan(world.services, denied, object, call());
    expect(await world.tags(UPLOADS, 'k')).toContain('virustotal-verdict=skipped');
    const scanned = await recordScan(world.services, requestOf(), object, call());
    expect(await world.tags(UPLOADS, 'k')).toContain('virustotal-verdict=malicious');
    expect(world.events).toEqual([skipped, scanned]);
    expect(scanned.id).not.toBe(skipped.id);
    expect(await recordScan(world.services, denied, object, call())).toEqual(scanned);
  });

  it('has a final outcome wait for a provisional one that is still being recorded', async () => {
    let ahead = 0;
    const world = await startRecording(() => Date.now() + ahead);
    const object = await world.put(UPLOADS, 'k', 'hello world');
    world.crashes.at(2, 'before');
    await expect(recordScan(world.services, pending(), object, call())).rejects.toThrow();
    world.crashes.off();
    const final = () => recordScan(world.services, requestOf(), object, call());
    await expect(final()).rejects.toThrow('an earlier outcome is still being recorded');
    ahead = 66_000;
    expect(
      await recordScan(world.services, requestOf(), object, { deadline: Date.now() + 90_000 }),
    ).toMatchObject({ stage: 'final' });
    expect(world.events).toHaveLength(1);
  });

  it('has a final outcome wait for a provisional one that is resumed, and its tag stay', async () => {
    let ahead = 0;
    const world = await startRecording(() => Date.now() + ahead);
    const object = await world.put(UPLOADS, 'k', 'hello world');
    world.crashes.at(2, 'before');
    await expect(recordScan(world.services, pending(), object, call())).rejects.toThrow();
    world.crashes.off();
    // The first attempt is over, and the one that resumes its record is about to tag the object.
    ahead = 66_000;
    const later = { deadline: Date.now() + 120_000 };
    const final = () => recordScan(world.services, requestOf(), object, later);
    const concurrent: unknown[] = [];
    world.services.s3.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'PutObjectTaggingCommand' && concurrent.length === 0) {
          concurrent.push(await final().catch((error: unknown) => error));
        }
        return next(args);
      },
      { step: 'initialize' },
    );
    await recordScan(world.services, pending(), object, later);
    expect(concurrent).toEqual([
      expect.objectContaining({
        message: 'an earlier outcome is still being recorded; try again',
      }),
    ]);
    await final();
    expect(await world.tags(UPLOADS, 'k')).toEqual(tags);
    expect(world.events.map(({ stage }) => stage)).toEqual(['provisional', 'final']);
  });

  it('records again after the first record has expired', async () => {
    let behind = (RECORD_SECONDS + 1) * 1000;
    const world = await startRecording(() => Date.now() - behind);
    const object = await world.put(UPLOADS, 'k', 'hello world');
    await recordScan(world.services, requestOf(), object, call());
    behind = 0;
    const other = requestOf({ report: reportOf('clean') });
    await recordScan(world.services, other, object, call());
    expect(world.events.map(({ verdict }) => verdict.value)).toEqual(['malicious', 'clean']);
  });

  it('fails when the bus refuses the event, and sends it by the next attempt', async () => {
    const world = await startRecording();
    const object = await world.put(UPLOADS, 'k', 'hello world');
    const lost = { ...world.services, eventBus: 'not-there' };
    await expect(recordScan(lost, requestOf(), object, call())).rejects.toMatchObject({
      name: 'UpstreamUnavailableError',
      message: 'the event bus refused the verdict event (ResourceNotFoundException); try again',
    });
    expect(await world.items()).toEqual([expect.objectContaining({ phase: { S: 'recording' } })]);
    await recordScan(world.services, requestOf(), object, call());
    expect(world.events).toHaveLength(1);
  });

  it('records what has no report without one', async () => {
    const world = await startRecording();
    const object = await world.put(UPLOADS, 'k', 'hello world');
    const request = requestOf({
      outcome: 'skipped',
      reason: 'it is too large',
      scan_id: null,
      receipt: null,
      report: null,
      error: { name: 'ObjectTooLargeError', message: 'x'.repeat(5000) },
    });
    const detail = await recordScan(world.services, request, object, call());
    expect(detail).toMatchObject({
      outcome: 'skipped',
      verdict: { value: 'skipped', ratio: null },
      report: null,
      digests: { md5: null, sha1: null, sha256: null },
    });
    expect(detail.error?.message).toHaveLength(1000);
    expect(await world.keys(REPORTS)).toEqual([]);
    expect(await world.tags(UPLOADS, 'k')).toEqual(['virustotal-verdict=skipped']);
  });
});

describe('an object that has changed', () => {
  it('leaves the newer version alone, and tags the one that was scanned', async () => {
    const world = await startRecording();
    const object = await world.put(UPLOADS, 'k', 'hello world');
    const newer = await world.put(UPLOADS, 'k', 'something else');
    await recordScan(world.services, requestOf(), object, call());
    expect(await world.tags(UPLOADS, 'k', object.versionId)).toEqual(tags);
    expect(await world.tags(UPLOADS, 'k', newer.versionId)).toEqual([]);
  });

  it('is not tagged in a bucket without versions', async () => {
    const world = await startRecording();
    const object = await world.put(PLAIN, 'k', 'hello world');
    await world.put(PLAIN, 'k', 'something else');
    const detail = await recordScan(world.services, requestOf(), object, call());
    expect(detail.tags).toEqual({ status: 'changed', written: [], left_out: [] });
    expect(await world.tags(PLAIN, 'k')).toEqual([]);
  });

  it('loses the tags again that it got when it was replaced between comparison and tagging', async () => {
    const world = await startRecording();
    const object = await world.put(PLAIN, 'k', 'hello world');
    let replaced = false;
    world.services.s3.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'PutObjectTaggingCommand' && !replaced) {
          replaced = true;
          await world.put(PLAIN, 'k', 'something else', 'team=red');
        }
        return next(args);
      },
      { step: 'initialize' },
    );
    const detail = await recordScan(world.services, requestOf(), object, call());
    expect(detail.tags.status).toBe('changed');
    expect(await world.tags(PLAIN, 'k')).toEqual([]);
  });

  it('is recorded and tagged again when the same content is uploaded again without versions', async () => {
    const world = await startRecording();
    const object = await world.put(PLAIN, 'k', 'hello world');
    await recordScan(world.services, requestOf(), object, call());
    const again = { ...(await world.put(PLAIN, 'k', 'hello world')), sequencer: '02' };
    const detail = await recordScan(world.services, requestOf(), again, call());
    expect(detail.tags.status).toBe('written');
    expect(await world.tags(PLAIN, 'k')).toEqual(tags);
    expect(new Set(world.events.map(({ id }) => id)).size).toBe(2);
  });

  it('is recorded as gone when it was deleted', async () => {
    const world = await startRecording();
    const object = await world.put(UPLOADS, 'k', 'hello world');
    const gone = { ...object, key: 'not-there' };
    const detail = await recordScan(world.services, requestOf(), gone, call());
    expect(detail.tags.status).toBe('gone');
    expect(world.events).toHaveLength(1);
  });
});

it.each([
  [8, 'partly', ['virustotal-verdict', 'virustotal-scan-id'], ['virustotal-scanned-at']],
  [10, 'no-room', [], ['virustotal-verdict', 'virustotal-scan-id', 'virustotal-scanned-at']],
] as const)('says what had no room beside %i tags', async (count, status, written, leftOut) => {
  const world = await startRecording();
  const object = await world.put(UPLOADS, 'k', 'hello world');
  const names = Array.from({ length: count }, (_, index) => `other-${index}`);
  await world.setTags(UPLOADS, 'k', names);
  const detail = await recordScan(world.services, requestOf(), object, call());
  expect(detail.tags).toEqual({ status, written, left_out: leftOut });
  const present = await world.tags(UPLOADS, 'k');
  for (const name of names) expect(present).toContain(`${name}=x`);
  expect(world.events).toEqual([detail]);
});

describe.each(['before', 'after'] as const)('a crash %s a call', (point) => {
  it.each([
    ['with versions', UPLOADS],
    ['without versions', PLAIN],
  ])(
    'leaves, %s, what a repetition brings to the same end',
    async (_, bucket) => {
      const world = await startRecording();
      const ends: unknown[] = [];
      let crashed = true;
      for (let n = 1; crashed; n += 1) {
        const object = { ...(await world.put(bucket, `k${n}`, 'hello world')), sequencer: `0${n}` };
        const before = world.events.length;
        world.crashes.at(n, point);
        const record = () => recordScan(world.services, requestOf(), object, call());
        crashed = await record().then(
          () => false,
          () => true,
        );
        world.crashes.off();
        // Another scan of the same object ends before the first is repeated.
        const other = requestOf({ report: reportOf('suspicious') });
        if (n % 2 === 0) await recordScan(world.services, other, object, call());
        const detail = await record();
        const sent = world.events.slice(before);
        expect(sent.length).toBeGreaterThanOrEqual(1);
        expect(new Set(sent.map((event) => sha256OfJson(event))).size).toBe(1);
        expect(sent[0]).toEqual(detail);
        expect(await world.tags(bucket, object.key)).toContain(
          `virustotal-verdict=${detail.verdict.value}`,
        );
        const report = JSON.parse((await world.body(REPORTS, detail.report?.key ?? '')).text ?? '');
        expect(report.verdict.value).toBe(detail.verdict.value);
        const items = await world.items();
        expect(items.filter(({ objectKey }) => objectKey?.S === object.key)).toEqual([
          expect.objectContaining({ phase: { S: 'recorded' } }),
        ]);
        ends.push(detail);
      }
      // Each of the calls was broken once; the last round had none left to break.
      expect(ends.length).toBeGreaterThanOrEqual(7);
    },
    60_000,
  );
});
