import type { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { copyKey } from '../../../../shared/uploads/record/quarantine-object.ts';
import { recordScan } from '../../../../shared/uploads/record/record-scan.ts';
import {
  call,
  PLAIN,
  QUARANTINE,
  reportOf,
  requestOf,
  startRecording,
  UPLOADS,
} from './harness.ts';

/** Its digest is that of the receipt. */
const BODY = 'hello world';
const KEY = 'in/a b+c %2B é.exe';

async function start() {
  const world = await startRecording();
  const services = { ...world.services, quarantineBucket: QUARANTINE };
  return { ...world, services };
}

/** Does something once, right before a command is sent. */
function before(s3: S3Client, commandName: string, act: () => Promise<unknown>) {
  let isDone = false;
  s3.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName === commandName && !isDone) {
        isDone = true;
        await act();
      }
      return next(args);
    },
    { step: 'initialize' },
  );
}

describe.each([UPLOADS, PLAIN])('a malicious object in %s', (bucket) => {
  it('is moved with metadata and tags, and the event says where', async () => {
    const world = await start();
    const object = await world.put(bucket, KEY, BODY, 'team=red');
    const detail = await recordScan(world.services, requestOf(), object, call());
    const key = copyKey(detail.object);
    expect(detail.quarantine).toEqual({
      status: 'quarantined',
      copy: { bucket: QUARANTINE, key },
      reason: null,
    });
    expect(world.events).toEqual([detail]);
    expect(await world.keys(bucket)).toEqual([]);
    expect(await world.keys(QUARANTINE)).toEqual([key]);
    expect(await world.body(QUARANTINE, key)).toEqual({
      text: BODY,
      metadata: { colour: 'red' },
      type: 'text/x-own',
    });
    expect(await world.tags(QUARANTINE, key)).toEqual(
      expect.arrayContaining(['team=red', 'virustotal-verdict=malicious']),
    );
  });

  it.each(['before', 'after'] as const)(
    'is moved once and never lost, whatever call breaks %s it is done',
    async (point) => {
      const world = await start();
      let crashed = true;
      let rounds = 0;
      for (let n = 1; crashed; n += 1) {
        const object = { ...(await world.put(bucket, `k${n}`, BODY)), sequencer: `0${n}` };
        const record = () => recordScan(world.services, requestOf(), object, call());
        world.crashes.at(n, point);
        crashed = await record().then(
          () => false,
          () => true,
        );
        world.crashes.off();
        const isOriginal = (await world.keys(bucket)).includes(object.key);
        const copies = (await world.keys(QUARANTINE)).filter((key) => key.endsWith(`/k${n}`));
        expect(isOriginal || copies.length === 1).toBe(true);
        const detail = await record();
        expect(detail.quarantine).toMatchObject({ status: 'quarantined', reason: null });
        expect(await world.keys(bucket)).toEqual([]);
        expect((await world.keys(QUARANTINE)).filter((key) => key.endsWith(`/k${n}`))).toEqual([
          copyKey(detail.object),
        ]);
        const sent = world.events.filter(({ id }) => id === detail.id);
        expect(sent.length).toBeGreaterThanOrEqual(1);
        for (const event of sent) expect(event).toEqual(detail);
        rounds = n;
      }
      // Each of the calls was broken once: recording, copying, verifying, deleting.
      expect(rounds).toBeGreaterThanOrEqual(12);
    },
    60_000,
  );

  it('is not touched when it is gone', async () => {
    const world = await start();
    const object = await world.put(bucket, 'k', BODY);
    const detail = await recordScan(
      world.services,
      requestOf(),
      { ...object, key: 'not-there' },
      call(),
    );
    expect(detail.quarantine).toMatchObject({ status: 'gone', copy: null });
    expect(await world.keys(QUARANTINE)).toEqual([]);
  });

  it('stays when the copy is not the scanned object, or the scanned object is unknown', async () => {
    const world = await start();
    const receipts = [{ md5: null, sha1: null, sha256: '0'.repeat(64) }, null];
    for (const [index, receipt] of receipts.entries()) {
      const object = await world.put(bucket, `k${index}`, BODY);
      const detail = await recordScan(world.services, requestOf({ receipt }), object, call());
      expect(detail.quarantine).toMatchObject({ status: 'failed', reason: expect.any(String) });
      expect(await world.keys(bucket)).toContain(`k${index}`);
    }
  });

  it('leaves a newer object alone', async () => {
    const world = await start();
    const object = await world.put(bucket, 'k', BODY);
    before(world.services.s3, 'DeleteObjectCommand', () => world.put(bucket, 'k', 'new'));
    const detail = await recordScan(world.services, requestOf(), object, call());
    const status = bucket === PLAIN ? 'changed' : 'quarantined';
    expect(detail.quarantine).toMatchObject({ status, copy: { bucket: QUARANTINE } });
    expect((await world.body(bucket, 'k')).text).toBe('new');
    expect(await world.keys(bucket)).toEqual(['k']);
  });
});

describe.each(['CopyObjectCommand', 'PutObjectTaggingCommand', 'DeleteObjectCommand'])(
  'KMS that refuses %s',
  (commandName) => {
    const refuse = (s3: S3Client, code: string) =>
      before(s3, commandName, () => {
        throw Object.assign(new Error('no'), { name: code, $metadata: { httpStatusCode: 400 } });
      });

    it('because it is busy: a retry moves the object', async () => {
      const world = await start();
      const object = await world.put(UPLOADS, 'k', BODY);
      refuse(world.services.s3, 'KMS.ThrottlingException');
      const record = () => recordScan(world.services, requestOf(), object, call());
      await expect(record()).rejects.toMatchObject({ name: 'UpstreamUnavailableError' });
      const detail = await record();
      expect(detail).toMatchObject({
        tags: { status: 'written' },
        quarantine: { status: 'quarantined', reason: null },
      });
      expect(await world.keys(UPLOADS)).toEqual([]);
    });

    it('because its key is disabled: the event says so', async () => {
      const world = await start();
      const object = await world.put(UPLOADS, 'k', BODY);
      refuse(world.services.s3, 'KMS.DisabledException');
      const { tags, quarantine } = await recordScan(world.services, requestOf(), object, call());
      expect({ tags: tags.status, quarantine: quarantine?.status }).toEqual(
        {
          CopyObjectCommand: { tags: 'written', quarantine: 'failed' },
          PutObjectTaggingCommand: { tags: 'denied', quarantine: 'quarantined' },
          DeleteObjectCommand: { tags: 'written', quarantine: 'copied' },
        }[commandName],
      );
    });
  },
);

it('deletes nothing in a bucket without versions if the ETag is unknown', async () => {
  const world = await start();
  const object = { ...(await world.put(PLAIN, 'k', BODY)), versionId: null, etag: null };
  const detail = await recordScan(world.services, requestOf(), object, call());
  expect(detail.quarantine).toEqual({
    status: 'copied',
    copy: { bucket: QUARANTINE, key: copyKey(detail.object) },
    reason: 'its ETag is unknown, so another object could be deleted',
  });
  expect((await world.body(PLAIN, 'k')).text).toBe(BODY);
});

it('copies nothing of an object that was replaced in a bucket without versions', async () => {
  const world = await start();
  const object = await world.put(PLAIN, 'k', BODY);
  before(world.services.s3, 'CopyObjectCommand', () => world.put(PLAIN, 'k', 'new'));
  const detail = await recordScan(world.services, requestOf(), object, call());
  expect(detail.quarantine).toMatchObject({ status: 'changed', copy: null });
  expect(await world.keys(QUARANTINE)).toEqual([]);
});

it.each(['suspicious', 'clean', 'unknown'] as const)('leaves what is %s', async (value) => {
  const world = await start();
  const object = await world.put(UPLOADS, 'k', BODY);
  const request = requestOf({ report: reportOf(value) });
  expect((await recordScan(world.services, request, object, call())).quarantine).toBeNull();
  expect(await world.keys(UPLOADS)).toEqual(['k']);
  expect(await world.keys(QUARANTINE)).toEqual([]);
});
