/** An S3 that returns less or more than its own event says. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { BUCKET, eventOf, notificationOf, startSubmitFile } from '../support/submit-file.ts';
import { bytes, startUpstream } from '../support/upstream-server.ts';

const CONTENT = 'twenty-one bytes long';
const object = { bucket: BUCKET, key: 'file', etag: 'e', size: CONTENT.length };
const version = { ...object, versionId: 'v1' };

/** S3 that returns this content, with an ETag, and with a version if there is one. */
async function start(content: string, headers: Readonly<Record<string, string>> = {}) {
  const s3 = await startUpstream();
  onTestFinished(() => s3[Symbol.asyncDispose]());
  const answer = (text: string) => s3.script(bytes(200, text, { etag: '"e"', ...headers }));
  answer(content);
  const running = await startSubmitFile({ environment: { AWS_ENDPOINT_URL_S3: s3.url } });
  return { ...running, s3, answer };
}

describe.each([
  ['a version', version, { 'x-amz-version-id': 'v1' }],
  ['a version whose answer does not name it', version, {}],
  ['an object with the same ETag', object, {}],
])('%s', (_, uploaded, headers) => {
  it.each([
    ['no bytes', ''],
    ['fewer bytes', 'twent'],
    ['more bytes', `${CONTENT}, and more`],
  ])('of which S3 returns %s is not submitted, and can be retried', async (_, content) => {
    const { invoke, simulator, answer } = await start(content, headers);
    const error = {
      name: 'UpstreamUnavailableError',
      message: expect.stringMatching(
        `S3 returned ${content.length} bytes for s3://uploads/file.*; expected 21, the size in its event; try again`,
      ),
    };
    await expect(invoke(eventOf(uploaded))).rejects.toMatchObject(error);
    await expect(invoke(notificationOf(uploaded))).rejects.toMatchObject(error);
    expect(simulator.requests).toEqual([]);
    answer(CONTENT);
    expect(await invoke(eventOf(uploaded))).toMatchObject({ outcome: 'submitted' });
  });
});

describe.each([
  ['a version', { ...version, size: 0 }, { 'x-amz-version-id': 'v1' }],
  ['an object with the same ETag', { ...object, size: 0 }, {}],
])('%s whose event says 0 bytes', (_, uploaded, headers) => {
  it('is submitted if S3 returns content', async () => {
    const { invoke, simulator } = await start(CONTENT, headers);
    expect(await invoke(eventOf(uploaded))).toMatchObject({ outcome: 'submitted' });
    expect(await invoke(notificationOf(uploaded))).toMatchObject({
      records: [{ outcome: 'duplicate' }],
    });
    expect(simulator.requests.filter(({ file }) => file)).toHaveLength(1);
  });

  it('is skipped if S3 returns nothing, and submitted if it returns content later', async () => {
    const { invoke, simulator, answer } = await start('', headers);
    const skipped = { outcome: 'skipped', reason: 'it is empty' };
    expect(await invoke(eventOf(uploaded))).toMatchObject(skipped);
    expect(simulator.requests).toEqual([]);
    answer(CONTENT);
    expect(await invoke(eventOf(uploaded))).toMatchObject({ outcome: 'submitted' });
  });
});

it('an object that its event says to be empty, by size and ETag, is skipped without S3', async () => {
  const { invoke, s3 } = await start(CONTENT);
  const empty = { ...version, size: 0, etag: 'd41d8cd98f00b204e9800998ecf8427e' };
  for (const key of ['file', 'folder/']) {
    expect(await invoke(eventOf({ ...empty, key }))).toMatchObject({ outcome: 'skipped' });
  }
  expect(s3.requests).toEqual([]);
});

it('a file that becomes shorter between its digests and its upload is not sent', async () => {
  const { invoke, simulator, s3 } = await start(CONTENT);
  const whole = bytes(200, CONTENT, { etag: '"e"' });
  s3.script(whole, whole, bytes(200, 'twent', { etag: '"e"' }));
  await expect(invoke(eventOf(object))).rejects.toMatchObject({ name: 'UpstreamUnavailableError' });
  expect(simulator.requests.filter(({ file }) => file)).toEqual([]);
});

it('an object with another ETag is taken as it is, but its digests are not kept', async () => {
  const { invoke, simulator, s3, table } = await start('twent', { etag: '"other"' });
  simulator.fault({ kind: 'quota-exceeded', match: { method: 'GET' } });
  await expect(invoke(eventOf(object))).rejects.toMatchObject({ name: 'QuotaExceededError' });
  await table.forgetQuota();
  expect(await invoke(eventOf(object))).toMatchObject({ outcome: 'submitted' });
  const read = ['HEAD', 'GET'];
  expect(s3.requests.map(({ method }) => method)).toEqual([...read, ...read, 'GET']);
});

it('an object that the event does not identify is taken as it is', async () => {
  const { invoke, answer } = await start('twent');
  const event = JSON.parse(
    JSON.stringify(eventOf(object), (name, value) => (name === 'etag' ? undefined : value)),
  );
  expect(await invoke(event)).toMatchObject({ outcome: 'submitted' });
  answer('');
  const later = {
    ...event,
    detail: { ...event.detail, object: { ...event.detail.object, sequencer: '02' } },
  };
  expect(await invoke(later)).toMatchObject({ outcome: 'skipped', reason: 'it is empty' });
});
