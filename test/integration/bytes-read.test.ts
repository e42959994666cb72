/** How many bytes of an object leave S3 when the deployed SubmitFile handles its upload event. */
import { createHash, randomBytes } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { localClientOptions } from '@local/cloud';
import { objectCreatedEvent } from '@local/cloud/events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { submitFile } from '../../shared/operations/catalogue.ts';
import { functionOf, invokeDirectly } from '../support/call-operation.ts';
import { collidingFiles } from '../support/colliding-files.ts';
import { STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';
import { openS3Gate, type S3Gate } from '../support/s3-gate.ts';
import { lookUpOf, refusals, sha256Of } from '../support/virustotal-faults.ts';

/** Larger than what connections hold back, bytes. */
const SIZE = 6_000_000;
const none = {
  VIRUSTOTAL_QUOTA_PER_MINUTE: 'none',
  VIRUSTOTAL_QUOTA_PER_DAY: 'none',
  VIRUSTOTAL_QUOTA_PER_MONTH: 'none',
};

let gate: S3Gate;
let running: TestStack;
let s3: S3Client;

beforeAll(async () => {
  gate = await openS3Gate();
  const environment = { ...none, AWS_ENDPOINT_URL_S3: gate.url };
  const simulator = { queuedMs: 0, inProgressMs: 0 };
  running = await startTestStack({ environment, simulator });
  gate.forwardTo(running.awsUrl);
  s3 = new S3Client({ ...localClientOptions(running.awsUrl), forcePathStyle: true });
}, STARTUP_MS);
afterAll(async () => {
  s3?.destroy();
  await running?.close();
  await gate?.[Symbol.asyncDispose]();
});

/** How a file gets into the bucket. */
type Put = (key: string, content: Uint8Array) => Promise<unknown>;

const put =
  (options: Partial<PutObjectCommandInput> = {}): Put =>
  (Key, Body) =>
    s3.send(new PutObjectCommand({ Bucket: running.bucket, Key, Body, ...options }));

const withSha256 = put({ ChecksumAlgorithm: 'SHA256' });

const inParts =
  (ChecksumAlgorithm?: 'SHA256'): Put =>
  async (Key, content) => {
    const target = { Bucket: running.bucket, Key };
    const create = new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm });
    const { UploadId } = await s3.send(create);
    const parts = [content.subarray(0, SIZE - 1000), content.subarray(SIZE - 1000)];
    const Parts = [];
    for (const [index, Body] of parts.entries()) {
      const part = { PartNumber: index + 1, Body, ChecksumAlgorithm };
      const { ETag, ChecksumSHA256 } = await s3.send(
        new UploadPartCommand({ ...target, UploadId, ...part }),
      );
      Parts.push({ PartNumber: index + 1, ETag, ChecksumSHA256 });
    }
    await s3.send(
      new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }),
    );
  };

/** Invokes SubmitFile with the event of the newest version. @returns the outcome, and bytes read per byte of the file */
async function upload(key: string) {
  const { bucket, lambda, stack } = running;
  const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  const event = objectCreatedEvent({
    bucket,
    key,
    size: head.ContentLength ?? 0,
    etag: (head.ETag ?? '').replaceAll('"', ''),
    versionId: head.VersionId,
    sequencer: '01',
    reason: 'PutObject',
    time: new Date(),
  });
  const before = gate.sent.get(key) ?? 0;
  const name = functionOf(stack, submitFile);
  const { output, error } = await invokeDirectly(lambda.invoke(name, JSON.stringify(event)));
  const bytes = (gate.sent.get(key) ?? 0) - before;
  return { output, error, read: bytes / (head.ContentLength ?? 0) };
}

/** Makes a file known to VirusTotal. */
async function makeKnown(content: Uint8Array): Promise<void> {
  const key = `known ${sha256Of(content)}`;
  await put()(key, content);
  expect(await upload(key)).toMatchObject({ output: { outcome: 'submitted' } });
}

const digestsOf = (content: Uint8Array) => {
  const digest = (name: string) => createHash(name).update(content).digest('hex');
  return { md5: digest('md5'), sha1: digest('sha1'), sha256: digest('sha256') };
};

describe.each([
  ['with a SHA-256 that S3 has verified', withSha256, { known: 0, unknown: 1 }],
  ['whose ETag is its MD5', put(), { known: 1, unknown: 1 }],
  ['that was uploaded in parts', inParts(), { known: 1, unknown: 2 }],
  ['with a SHA-256 of the SHA-256s of its parts', inParts('SHA256'), { known: 1, unknown: 2 }],
])('of a file %s', (name, store, times) => {
  it(`the size is read ${times.unknown} times if VirusTotal does not know it`, async () => {
    const content = randomBytes(SIZE);
    await store(`unknown ${name}`, content);
    expect(await upload(`unknown ${name}`)).toMatchObject({
      read: times.unknown,
      output: { outcome: 'submitted', receipt: digestsOf(content) },
    });
    const sent = running.simulator.requests.flatMap(({ file }) => file ?? []);
    expect(sent.at(-1)).toMatchObject({ sha256: sha256Of(content), size: SIZE });
  });

  it(`the size is read ${times.known} times if VirusTotal knows it`, async () => {
    const content = randomBytes(SIZE);
    await makeKnown(content);
    await store(`known ${name}`, content);
    expect(await upload(`known ${name}`)).toMatchObject({
      read: times.known,
      output: { outcome: 'known', receipt: { ...digestsOf(content), response_code: 1 } },
    });
  });
});

it('a forged twin of a clean file, with the same MD5, is submitted and not called clean', async () => {
  const [clean, forged] = collidingFiles(randomBytes(SIZE));
  expect(digestsOf(forged).md5).toBe(digestsOf(clean).md5);
  expect(sha256Of(forged)).not.toBe(sha256Of(clean));
  await makeKnown(clean);
  await put()('forged', forged);
  expect(await upload('forged')).toMatchObject({
    output: { outcome: 'submitted', receipt: digestsOf(forged) },
  });
  const sent = running.simulator.requests.flatMap(({ file }) => file ?? []);
  expect(sent.at(-1)?.sha256).toBe(sha256Of(forged));
});

// Last, because a refusal closes the door for a minute.
describe.each([
  ['with a SHA-256 that S3 has verified', withSha256, 0],
  ['whose ETag is its MD5', put(), 0],
  ['that was uploaded in parts', inParts(), 1],
])('while a file %s waits for the quota', (name, store, times) => {
  it(`it is read ${times} times in all, however often it is asked about`, async () => {
    const content = randomBytes(SIZE);
    await store(`waiting ${name}`, content);
    running.simulator.fault(refusals.quota(lookUpOf(content), 3, 60));
    let read = 0;
    for (let round = 0; round < 3; round += 1) {
      const answer = await upload(`waiting ${name}`);
      expect(answer.error?.name).toBe('QuotaExceededError');
      read += answer.read;
    }
    expect(read).toBe(times);
  });
});
