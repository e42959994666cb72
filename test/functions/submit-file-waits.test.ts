/** Attempts that come back after a wait: what the first has read, the others do not read again. */

import { randomUUID } from 'node:crypto';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { claimId } from '../../shared/uploads/state/object-ids.ts';
import {
  BUCKET,
  eventOf,
  leaveClaim,
  putInParts,
  type Running,
  SEQUENCER,
  startSubmitFile,
  type Uploaded,
} from '../support/submit-file.ts';
import { bytes, startUpstream } from '../support/upstream-server.ts';

const fresh = () => `fresh ${randomUUID()}`;
const call = { deadline: Date.now() + 600_000 };

const gets = ({ engines }: Running) =>
  engines.s3Requests.filter(({ method }) => method === 'GET').length;
const lookUp = { method: 'GET', path: '^/api/v3/files/' };
const sendFile = { method: 'POST', path: '^/api/v3/files$' };

/** What is in the state table. */
const itemOf = ({ table }: Running, object: Uploaded) =>
  table.item(claimId({ ...object, versionId: null, sequencer: SEQUENCER }));

/** Has the quota used up for some requests, and lets that many attempts meet it. */
async function exhaust(running: Running, event: object, match: object, times: number) {
  running.simulator.fault({ kind: 'quota-exceeded', retryAfter: 60, match, times });
  for (let time = 0; time < times; time += 1) {
    await expect(running.invoke(event)).rejects.toMatchObject({ name: 'QuotaExceededError' });
    await running.table.forgetQuota();
  }
}

describe('after a wait for the quota', () => {
  it.each([
    ['if-unknown', 'submitted', 1],
    ['never', 'unknown', 0],
  ])(
    'a file whose ETag is its MD5 is not even opened (upload: %s)',
    async (upload, outcome, sent) => {
      const running = await startSubmitFile({ environment: { VIRUSTOTAL_UPLOAD: upload } });
      const event = eventOf(await running.put('file', fresh()));
      await exhaust(running, event, lookUp, 5);
      expect(gets(running)).toBe(0);
      expect(await running.invoke(event)).toMatchObject({ outcome });
      expect(gets(running)).toBe(1);
      expect(running.uploads()).toBe(sent);
      expect(await running.invoke(event)).toMatchObject({ outcome: 'duplicate' });
    },
  );

  it.each([
    ['if-unknown', 'submitted', 1],
    ['never', 'unknown', 0],
  ])(
    'a file that was read for its digests is looked up at once (upload: %s)',
    async (upload, outcome, sent) => {
      const running = await startSubmitFile({ environment: { VIRUSTOTAL_UPLOAD: upload } });
      const event = eventOf(await putInParts(running, 'file', fresh()));
      await exhaust(running, event, lookUp, 5);
      expect(gets(running)).toBe(1);
      expect(await running.invoke(event)).toMatchObject({ outcome });
      // It is read once more, to be sent.
      expect(gets(running)).toBe(1 + sent);
      expect(running.uploads()).toBe(sent);
      expect(await running.invoke(event)).toMatchObject({ outcome: 'duplicate' });
    },
  );

  it('a known file is reported without being read', async () => {
    const simulator = { queuedMs: 0, inProgressMs: 0 };
    const running = await startSubmitFile({ simulator });
    const object = await running.put('file', fresh());
    await running.invoke({ bucket: BUCKET, key: 'file' });
    const before = gets(running);
    await exhaust(running, eventOf(object), lookUp, 2);
    const outcome = await running.invoke(eventOf(object));
    expect(outcome).toMatchObject({ outcome: 'known', receipt: { response_code: 1 } });
    expect(gets(running)).toBe(before + 1);
  });

  it('a large file is not even opened while VirusTotal gives no address to send it to', async () => {
    const content = Buffer.alloc(33_000_000, randomUUID());
    await using s3 = await startUpstream();
    s3.script(bytes(200, content, { etag: '"e"', 'x-amz-version-id': 'v1' }));
    const running = await startSubmitFile({ environment: { AWS_ENDPOINT_URL_S3: s3.url } });
    const object = { bucket: BUCKET, key: 'large', etag: 'e', size: content.length };
    const event = eventOf({ ...object, versionId: 'v1' });
    await exhaust(running, event, { path: '^/api/v3/files/upload_url$' }, 3);
    expect(s3.requests.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
    expect(await running.invoke(event)).toMatchObject({ outcome: 'submitted' });
    expect(s3.requests.map(({ method }) => method)).toEqual(['HEAD', 'GET', 'GET']);
    expect(running.simulator.requests.filter(({ file }) => file)).toHaveLength(1);
  });

  it('a refused upload leaves no doubt, and the digests', async () => {
    const running = await startSubmitFile();
    const object = await running.put('file', fresh());
    await exhaust(running, eventOf(object), sendFile, 2);
    const item = await itemOf(running, object);
    expect(item).toMatchObject({ phase: { S: 'claimed' }, leaseUntil: { N: '0' } });
    expect(item).not.toHaveProperty('sendingSince');
    expect(await running.invoke(eventOf(object))).toMatchObject({ outcome: 'submitted' });
  });

  it('a file that is sent whatever is known leaves no doubt', async () => {
    const running = await startSubmitFile({ environment: { VIRUSTOTAL_UPLOAD: 'always' } });
    const object = await running.put('file', fresh());
    await exhaust(running, eventOf(object), sendFile, 2);
    expect(await itemOf(running, object)).not.toHaveProperty('sendingSince');
    expect(await running.invoke(eventOf(object))).toMatchObject({ outcome: 'submitted' });
  });
});

it('a file that may have arrived is looked up again and again without being read', async () => {
  const running = await startSubmitFile();
  const object = await running.put('file', fresh());
  const { claims, claim } = await leaveClaim(running, object, 60_000);
  await claims.beginSending(claim, call);
  for (let time = 0; time < 4; time += 1) {
    expect(await running.invoke(eventOf(object))).toMatchObject({ outcome: 'in-progress' });
  }
  expect(gets(running)).toBe(0);
});

it('a killed attempt leaves its digests once it has begun to send', async () => {
  const running = await startSubmitFile();
  const object = await running.put('file', fresh());
  running.simulator.fault({ kind: 'reset', at: 'during-answer', match: { method: 'POST' } });
  await expect(running.invoke(eventOf(object))).rejects.toMatchObject({
    name: 'UpstreamUnavailableError',
  });
  expect(await itemOf(running, object)).toMatchObject({
    phase: { S: 'sending' },
    digests: { S: expect.stringContaining('"sha256"') },
  });
});

describe('digests that may be of another object are not used', () => {
  it.each([
    ['another upload of the same content', { sequencer: '0055AED6DCD90281FF' }, undefined],
    ['an item of an earlier release', {}, null],
    ['an item that is not understood', {}, '{"sha256":1}'],
  ])('%s', async (_, changed, kept) => {
    const running = await startSubmitFile();
    const object = await putInParts(running, 'file', fresh());
    await exhaust(running, eventOf(object), lookUp, 1);
    if (kept !== undefined) await setDigests(running, object, kept);
    expect(await running.invoke(eventOf({ ...object, ...changed }))).toMatchObject({
      outcome: 'submitted',
    });
    expect(gets(running)).toBe(3);
  });

  it('an event with neither version nor ETag', async () => {
    const running = await startSubmitFile();
    const object = await putInParts(running, 'file', fresh());
    const event = JSON.parse(
      JSON.stringify(eventOf(object), (name, value) => (name === 'etag' ? undefined : value)),
    );
    await exhaust(running, event, lookUp, 2);
    expect(gets(running)).toBe(2);
  });
});

async function setDigests({ table }: Running, object: Uploaded, digests: string | null) {
  await table.sdk.send(
    new UpdateItemCommand({
      TableName: table.tableName,
      Key: { pk: { S: claimId({ ...object, versionId: null, sequencer: SEQUENCER }) } },
      ...(digests === null
        ? { UpdateExpression: 'REMOVE digests' }
        : {
            UpdateExpression: 'SET digests = :digests',
            ExpressionAttributeValues: { ':digests': { S: digests } },
          }),
    }),
  );
}
