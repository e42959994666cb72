import { createHash, randomUUID } from 'node:crypto';
import { Upload } from '@aws-sdk/lib-storage';
import { s3TestEvent } from '@local/cloud/events';
import { eicarBytes } from '@local/virustotal';
import { describe, expect, it } from 'vitest';
import { submitResult } from '../../shared/uploads/submit/submit-result-schema.ts';
import {
  BUCKET,
  eventOf,
  notificationOf,
  startSubmitFile,
  withMalformed,
  withoutSize,
} from '../support/submit-file.ts';

const digest = (name: string, body: string | Uint8Array) =>
  createHash(name).update(body).digest('hex');

/** Content that VirusTotal does not know. */
const fresh = () => `fresh ${randomUUID()}`;

/** ETag of objects without content. */
const EMPTY = digest('md5', '');

describe('an EventBridge event', () => {
  it('of a file that VirusTotal does not know has it sent, and answers with the receipt', async () => {
    const { invoke, put, simulator } = await startSubmitFile();
    const body = fresh();
    const object = await put('a b.txt', body);
    const sha256 = digest('sha256', body);
    const outcome = submitResult.parse(await invoke(eventOf(object)));
    expect(outcome).toEqual({
      object: { ...object, versionId: null, sequencer: '0055AED6DCD90281E5' },
      outcome: 'submitted',
      reason: null,
      retryAfterSeconds: null,
      receipt: {
        md5: digest('md5', body),
        sha1: digest('sha1', body),
        sha256,
        resource: sha256,
        response_code: 1,
        verbose_msg: 'Scan request successfully queued, come back later for the report',
        permalink: expect.stringContaining(sha256),
        scan_id: expect.stringMatching(new RegExp(`^${sha256}-\\d+$`)),
        repeated: false,
      },
    });
    expect(simulator.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET /api/v3/files/${object.etag}`,
      'POST /api/v3/files',
    ]);
    expect(simulator.requests[1]?.file).toEqual({ name: 'sample', size: object.size, sha256 });
  });

  it('of a file that VirusTotal knows has nothing sent', async () => {
    const { invoke, put, uploads } = await startSubmitFile();
    const outcome = await invoke(eventOf(await put('eicar.com', eicarBytes())));
    expect(outcome).toMatchObject({ outcome: 'known', receipt: { response_code: 1 } });
    expect(uploads()).toBe(0);
  });

  it('sends whatever VirusTotal knows when the configuration says always', async () => {
    const environment = { VIRUSTOTAL_UPLOAD: 'always' };
    const { invoke, put, uploads } = await startSubmitFile({ environment });
    const outcome = await invoke(eventOf(await put('eicar.com', eicarBytes())));
    expect(outcome).toMatchObject({ outcome: 'submitted' });
    expect(uploads()).toBe(1);
  });

  it('sends nothing if the configuration says never, and reports the file as unknown', async () => {
    const environment = { VIRUSTOTAL_UPLOAD: 'never' };
    const { invoke, put, uploads } = await startSubmitFile({ environment });
    const outcome = await invoke(eventOf(await put('file', fresh())));
    expect(outcome).toMatchObject({ outcome: 'unknown', receipt: { response_code: 0 } });
    expect(uploads()).toBe(0);
  });

  it('of a folder marker, an empty object or a deletion is skipped with a reason', async () => {
    const { invoke, simulator, engines, table } = await startSubmitFile();
    const object = { bucket: BUCKET, key: 'folder/', etag: EMPTY, size: 0 };
    const nothing = { outcome: 'skipped', retryAfterSeconds: null, receipt: null };
    const marker = submitResult.parse(await invoke(eventOf(object)));
    expect(marker).toMatchObject({ ...nothing, reason: 'it is a folder marker' });
    const empty = await invoke(eventOf({ ...object, key: 'file' }));
    expect(empty).toMatchObject({ ...nothing, reason: 'it is empty' });
    const deleted = { ...eventOf({ ...object, size: 1 }), 'detail-type': 'Object Deleted' };
    expect(await invoke(deleted)).toMatchObject({
      ...nothing,
      reason: 'Object Deleted brings no new object',
    });
    expect(simulator.requests).toEqual([]);
    expect(engines.s3Requests.filter(({ method }) => method === 'GET')).toEqual([]);
    expect(table.tableName).toBe('state');
  });

  it.each([
    ['folder/', 'if-unknown', 'it is a folder marker'],
    ['file', 'if-unknown', 'it is empty'],
    ['file', 'always', 'it is empty'],
  ])(
    'of %s, empty, without its size is skipped too, each time (%s)',
    async (key, upload, reason) => {
      const environment = { VIRUSTOTAL_UPLOAD: upload };
      const { invoke, put, simulator } = await startSubmitFile({ environment });
      const { size: _, ...object } = await put(key, '');
      const told = { ...object, versionId: null, sequencer: '0055AED6DCD90281E5', size: null };
      const nothing = { object: told, outcome: 'skipped', reason, retryAfterSeconds: null };
      const event = eventOf({ ...object, size: 0 });
      const notification = notificationOf({ ...object, size: 0 });
      for (let round = 0; round < 2; round += 1) {
        expect(await invoke(withoutSize(event))).toEqual({ ...nothing, receipt: null });
        expect(await invoke(withoutSize(notification))).toEqual({
          records: [{ ...nothing, receipt: null }],
        });
      }
      expect(simulator.requests).toEqual([]);
      await expect(invoke({ bucket: BUCKET, key })).rejects.toMatchObject({
        name: 'InvalidInputError',
        message: expect.stringContaining('is empty; allowed: an object of 1 to'),
      });
    },
  );

  it.each(['a b.txt', 'a+b.txt', '%2B%20%%%.png', 'é/(1).pdf', `it's "q".exe`, 'x'.repeat(1024)])(
    'of the key %j reads that very object',
    async (key) => {
      const { invoke, put } = await startSubmitFile();
      const body = fresh();
      const object = await put(key, body);
      expect(await invoke(eventOf(object))).toMatchObject({
        object: { key },
        outcome: 'submitted',
        receipt: { sha256: digest('sha256', body) },
      });
      expect(await invoke(notificationOf(object))).toMatchObject({
        records: [{ object: { key }, outcome: 'duplicate' }],
      });
    },
  );

  it('reads the version that it names, or else only content with its ETag', async () => {
    const { invoke, put, engines } = await startSubmitFile();
    const object = await put('file', fresh());
    await invoke(eventOf({ ...object, versionId: 'v1' }));
    const firstReadOf = (key: string) =>
      engines.s3Requests.find(
        ({ method, url }) => method === 'GET' && url.startsWith(`/${BUCKET}/${key}`),
      );
    expect(firstReadOf('file')).toMatchObject({
      url: expect.stringContaining('versionId=v1'),
      ifMatch: `"${object.etag}"`,
    });
    const other = await put('other', fresh());
    await invoke(eventOf(other));
    expect(firstReadOf('other')).toMatchObject({
      url: expect.not.stringContaining('versionId'),
      ifMatch: `"${other.etag}"`,
    });
  });

  it('of a multipart upload has the whole object sent', async () => {
    const { invoke, engines, uploads } = await startSubmitFile();
    const body = Buffer.alloc(6_000_000, randomUUID());
    const params = { Bucket: BUCKET, Key: 'big', Body: body };
    const upload = new Upload({ client: engines.s3, params, partSize: 5_242_880 });
    const { ETag = '' } = await upload.done();
    const etag = ETag.replaceAll('"', '');
    expect(etag).toMatch(/-2$/);
    const object = { bucket: BUCKET, key: 'big', etag, size: body.length };
    const [record] = notificationOf(object).Records;
    const event = { Records: [{ ...record, eventName: 'ObjectCreated:CompleteMultipartUpload' }] };
    expect(await invoke(event)).toMatchObject({
      records: [{ outcome: 'submitted', receipt: { sha256: digest('sha256', body) } }],
    });
    expect(uploads()).toBe(1);
  });

  it('of what was replaced since is skipped: the newer object has its own event', async () => {
    const { invoke, put, uploads } = await startSubmitFile();
    const older = await put('file', fresh());
    const newer = await put('file', fresh());
    expect(await invoke(eventOf(newer))).toMatchObject({ outcome: 'submitted' });
    expect(await invoke(eventOf(older))).toMatchObject({
      outcome: 'skipped',
      reason: 'it was replaced; the newer object has its own event',
    });
    expect(uploads()).toBe(1);
  });

  it.each([
    ['of an object that is gone', 'gone', 5, 'ObjectNotFoundError'],
    ['that is not what it says', '', 5, 'InvalidInputError'],
  ])('%s fails with a named error', async (_, key, size, name) => {
    const { invoke } = await startSubmitFile();
    const event = eventOf({ bucket: BUCKET, key, etag: 'e', size });
    await expect(invoke(event)).rejects.toMatchObject({ name });
  });

  it('fails at start, not per event, if STATE_TABLE is not set', async () => {
    const environment = { STATE_TABLE: '', VIRUSTOTAL_VERIFY_SSL: 'no' };
    await expect(startSubmitFile({ environment })).rejects.toThrow(
      'bad environment: STATE_TABLE is not set; VIRUSTOTAL_VERIFY_SSL does not allow "no"',
    );
  });
});

describe('a notification', () => {
  it('submits the objects of every record', async () => {
    const { invoke, put, uploads } = await startSubmitFile();
    const objects = [await put('one', fresh()), await put('two', fresh())];
    const marker = { bucket: BUCKET, key: 'folder/', etag: EMPTY, size: 0 };
    const answer = await invoke(notificationOf(...objects, marker));
    expect(answer).toMatchObject({
      records: [{ outcome: 'submitted' }, { outcome: 'submitted' }, { outcome: 'skipped' }],
    });
    expect(uploads()).toBe(2);
  });

  it('fails after all were tried, and when it is repeated only the failed one is done', async () => {
    const { invoke, put, simulator, uploads } = await startSubmitFile();
    const objects = [await put('one', fresh()), await put('two', fresh()), await put('3', fresh())];
    const event = notificationOf(...objects);
    simulator.fault({
      kind: 'answer',
      status: 503,
      match: { method: 'GET', path: '/files/' },
      times: 3,
    });
    await expect(invoke(event)).rejects.toMatchObject({
      name: 'UpstreamUnavailableError',
      message: expect.stringMatching(/^1 of 3 records failed; one of them: /),
    });
    expect(uploads()).toBe(2);
    expect(await invoke(event)).toMatchObject({
      records: [{ outcome: 'submitted' }, { outcome: 'duplicate' }, { outcome: 'duplicate' }],
    });
    expect(uploads()).toBe(3);
  });

  it('fails with a retryable error, if there is one', async () => {
    const { invoke, put, simulator, table } = await startSubmitFile();
    const gone = { bucket: BUCKET, key: 'gone', etag: 'e', size: 1 };
    const event = notificationOf(gone, await put('file', fresh()));
    simulator.fault({ kind: 'quota-exceeded', retryAfter: 60 });
    await expect(invoke(event)).rejects.toMatchObject({
      name: 'QuotaExceededError',
      message: expect.stringMatching(/^2 of 2 records failed.*retryAfterSeconds=60$/),
    });
    await table.forgetQuota();
    await expect(invoke(event)).rejects.toMatchObject({ name: 'ObjectNotFoundError' });
  });

  it('with a malformed record fails with its error after the others are done', async () => {
    const { invoke, put, uploads } = await startSubmitFile();
    const event = withMalformed(notificationOf(await put('file', fresh())));
    for (let round = 0; round < 2; round += 1) {
      await expect(invoke(event)).rejects.toMatchObject({
        name: 'InvalidInputError',
        message:
          '1 of 2 records failed; one of them: S3 event: missing or malformed: Records.0.s3.object.key',
      });
      expect(uploads()).toBe(1);
    }
  });

  it('that is the test event or has no records does nothing', async () => {
    const { invoke, simulator } = await startSubmitFile();
    expect(await invoke({ Records: [] })).toEqual({ records: [] });
    expect(await invoke(s3TestEvent(BUCKET, new Date(0)))).toEqual({ records: [] });
    expect(simulator.requests).toEqual([]);
  });
});
