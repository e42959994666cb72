/**
 * The secret is rotated in the midst of a batch, twice, and VirusTotal refuses the old key at once: first
 * when the next request is a lookup, then when it is the sending of a file.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { SubmitResult } from '../../shared/uploads/submit/submit-result-schema.ts';
import { messageOf, recordOf } from '../support/deliver-all.ts';
import {
  leaksOf,
  STARTUP_MS,
  startTestStack,
  type TestStack,
  testKeys,
} from '../support/running-stack.ts';
import { notificationOf } from '../support/submit-file.ts';
import {
  type PassingRequest,
  startWatchedProxy,
  type WatchedProxy,
} from '../support/watched-proxy.ts';

const TIMEOUT_MS = 300_000;
const UPLOADS = 8;
const [first, second, third] = [testKeys.public, testKeys.premium, testKeys.scarce];

let running: TestStack;
let proxy: WatchedProxy;
/** Counts of the requests that VirusTotal has served. */
let served = { sendings: 0, lookups: 0 };

beforeAll(async () => {
  proxy = await startWatchedProxy(
    () => running.simulator.url,
    async (moment, request) => {
      if (moment === 'served') await rotateAfter(request);
      return false;
    },
  );
  running = await startTestStack({
    apiKey: first,
    // One process meets both rotations.
    maxConcurrency: 1,
    environment: { VIRUSTOTAL_SERVER_URL: proxy.url },
    simulator: { keys: [first, second, third].map((key) => ({ key, tier: 'public' })) },
  });
}, STARTUP_MS);
afterAll(async () => {
  await running?.close();
  await proxy?.close();
});
beforeEach(async () => {
  served = { sendings: 0, lookups: 0 };
  running.simulator.reset();
  await running.setSecret(first);
  await running.lambda.reload(submitFile());
});

/** The function does not get the answer before the old key is refused. */
async function rotateAfter({ method, path }: PassingRequest): Promise<void> {
  if (method === 'POST') served.sendings += 1;
  else if (path.startsWith('/api/v3/files/')) served.lookups += 1;
  else return;
  if (method === 'POST' && served.sendings === 3) await rotate(first, second);
  // That of the sixth upload; one of those before was refused, and asked again.
  if (method === 'GET' && served.lookups === 7)
    await rotate(second, JSON.stringify({ apiKey: third }));
}

async function rotate(old: string, value: string): Promise<void> {
  await running.setSecret(value);
  running.simulator.revoke(old);
}

const submitFile = () => running.stack.outputs.SubmitFileFunctionArn ?? '';

async function putAll(name: string) {
  const uploads = Array.from({ length: UPLOADS }, (_, n) => `${name} ${n}`);
  return Promise.all(
    uploads.map(async (key) => {
      const versionId = await running.put(key, key);
      const etag = createHash('md5').update(key).digest('hex');
      return { bucket: running.bucket, key, etag, size: Buffer.byteLength(key), versionId };
    }),
  );
}

/** Each rotation took one request with a key that VirusTotal refused, sent no file twice, and no key was said. */
function expectTwoRefusals(): void {
  const { requests } = running.simulator;
  const refused = requests.filter(({ isKeyRight }) => isKeyRight === false);
  expect(refused.map(({ method, status }) => `${method} ${status}`)).toEqual([
    'GET 401',
    'POST 401',
  ]);
  const files = requests.flatMap(({ file }) => file?.sha256 ?? []);
  expect(files).toHaveLength(UPLOADS);
  expect(new Set(files).size).toBe(UPLOADS);
  expect(running.said.length).toBeGreaterThan(0);
  expect(leaksOf(running)).toEqual([]);
}

/** Invokes once. */
async function invoke(event: unknown) {
  const result = await running.lambda.invoke(submitFile(), JSON.stringify(event));
  if (result.status === 'failed') throw new Error(result.error.errorMessage);
  return JSON.parse(result.payload);
}

function readsOfSecret(): number {
  const { calls } = running.calls;
  return calls.filter(({ action }) => action === 'secretsmanager:GetSecretValue').length;
}

it(
  'is seen by every message of a queue: each file is sent, the old key is refused once',
  async () => {
    const uploads = await putAll('queued');
    const before = readsOfSecret();
    const messages = uploads.map((upload) => messageOf(notificationOf(upload)));
    const answers = await invoke({ Records: messages.map(recordOf) });
    expect(answers).toEqual({ batchItemFailures: [] });
    expectTwoRefusals();
    // When the function starts, and once for each key that was refused.
    expect(readsOfSecret() - before).toBe(3);
  },
  TIMEOUT_MS,
);

it(
  'is seen by every record of a notification',
  async () => {
    const uploads = await putAll('notified');
    const { records } = await invoke(notificationOf(...uploads));
    const outcomes = records.map(({ outcome }: SubmitResult) => outcome);
    expect(outcomes).toEqual(uploads.map(() => 'submitted'));
    expectTwoRefusals();
  },
  TIMEOUT_MS,
);
