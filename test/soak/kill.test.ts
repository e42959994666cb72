/**
 * Functions are killed (SIGKILL) at random during a batch: with the same events again, each object ends
 * with one submission and one verdict. The deployed bundles run in processes of their own; what AWS and
 * VirusTotal keep is here.
 */
import { createHash } from 'node:crypto';
import { GetObjectTaggingCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { localClientOptions } from '@local/cloud';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { submitFileOutput } from '../../shared/operations/submit-file/output.ts';
import type { VerdictEvent } from '../../shared/uploads/record/verdict-event.ts';
import { deliverAll, messageOf } from '../support/deliver-all.ts';
import { type IsNow, type KilledStack, startKilledStack } from '../support/killed-stack.ts';
import { STARTUP_MS } from '../support/running-stack.ts';
import { eventOf, notificationOf } from '../support/submit-file.ts';

/** `KILL_SEED=1 npm run test:soak -- kill` draws the same moments again. */
const SEED = Number(process.env.KILL_SEED ?? Math.floor(Math.random() * 2 ** 31));
const BUCKET = 'killed-batch';
const TIMEOUT_MS = 600_000;

/** The outcome of what was sent. */
const submitted = z.object({ receipt: submitFileOutput });

let stack: KilledStack;
let s3: S3Client;

beforeAll(async () => {
  // A claim is held for 15 minutes after its holder was killed.
  stack = await startKilledStack(SEED, { isTriggered: true, speed: 60, maxConcurrency: 3 });
  await stack.createBucket(BUCKET);
  s3 = new S3Client({ ...localClientOptions(stack.awsUrl), forcePathStyle: true });
}, STARTUP_MS);
afterAll(async () => {
  s3?.destroy();
  await stack?.close();
});
beforeEach(() => stack.spare());

/** One object of a batch. */
interface Uploaded {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
  readonly size: number;
  readonly content: string;
  readonly verdict: 'malicious' | 'clean';
}

/** Puts objects of different contents, every fourth of them malicious. */
async function putAll(bucket: string, name: string, count: number): Promise<Uploaded[]> {
  const numbers = Array.from({ length: count }, (_, n) => n);
  return Promise.all(
    numbers.map(async (n) => {
      const isMalicious = n % 4 === 0;
      const content = `${name} ${n} of ${SEED}${isMalicious ? ': simulated-malware' : ''};`;
      const key = `${name}/${n} é.bin`;
      const versionId = (await stack.put(key, content, bucket)) ?? '';
      const etag = createHash('md5').update(content).digest('hex');
      const verdict = isMalicious ? 'malicious' : 'clean';
      return { bucket, key, versionId, etag, size: Buffer.byteLength(content), content, verdict };
    }),
  );
}

const sha256 = ({ content }: Uploaded) => createHash('sha256').update(content).digest('hex');

/** How often each object's content arrived at VirusTotal. */
function sendings(objects: readonly Uploaded[]): number[] {
  const { requests } = stack.simulator;
  return objects.map((object) => {
    return requests.filter(({ file }) => file?.sha256 === sha256(object)).length;
  });
}

function nameOf(stem: string): string {
  const found = stack.stack.functions.find(({ logicalId }) => logicalId.includes(stem));
  if (!found) throw new Error(`the stack has no function ${stem}`);
  return found.logicalId;
}

/** A moment of the request that sends an object's content. */
const sending =
  ({ content }: Uploaded, at: string): IsNow =>
  (moment, { method, body }) =>
    moment === at && method === 'POST' && body.includes(content);

/** DynamoDB is asked to store an object's receipt. */
const storing =
  (object: Uploaded): IsNow =>
  (moment, { headers, body }) =>
    moment === 'asked' &&
    String(headers['x-amz-target']).endsWith('UpdateItem') &&
    body.includes('submitted') &&
    body.includes(sha256(object));

/** Checks every invariant of objects whose scan is recorded. */
async function expectOneVerdictEach(objects: readonly Uploaded[]): Promise<void> {
  const said = `seed ${SEED}, killed: ${stack.kills.join('; ')}`;
  expect(sendings(objects), said).toEqual(objects.map(() => 1));
  for (const object of objects) {
    const finals = finalEventsOf(object);
    const [event] = finals;
    expect(finals.length, said).toBeGreaterThanOrEqual(1);
    // At least once, and the same each time.
    expect(new Set(finals.map((final) => JSON.stringify(final))).size, said).toBe(1);
    expect(event?.verdict.value, said).toBe(object.verdict);
    expect(event?.digests.sha256, said).toBe(sha256(object));
    expect(event?.tags.status, said).toBe('written');
    expect(await tagsOf(object), said).toEqual({
      'virustotal-verdict': object.verdict,
      'virustotal-scan-id': event?.scan_id,
      'virustotal-scanned-at': event?.scanned_at,
    });
    expect(await finalReportsOf(object), said).toEqual([event?.report?.key]);
  }
}

function finalEventsOf({ bucket, key }: Uploaded): VerdictEvent[] {
  return stack.events.filter(
    ({ object, stage }) => object.bucket === bucket && object.key === key && stage === 'final',
  );
}

async function tagsOf({ bucket: Bucket, key: Key, versionId: VersionId }: Uploaded) {
  const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId }));
  return Object.fromEntries(TagSet.map((tag) => [tag.Key, tag.Value]));
}

/** Keys of the final reports that are kept of an object, each once. */
async function finalReportsOf(object: Uploaded): Promise<string[]> {
  const report = finalEventsOf(object)[0]?.report;
  const Prefix = report?.key.replace(/[^/]+$/, 'final-');
  const { Versions = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: report?.bucket, Prefix }),
  );
  return [...new Set(Versions.map(({ Key = '' }) => Key))];
}

test(
  `a batch is submitted and recorded once, whenever its functions are killed (seed ${SEED})`,
  async () => {
    const objects = await putAll(BUCKET, 'batch', 24);
    const [arrived, answered, stored, lost] = objects;
    if (!arrived || !answered || !stored || !lost) throw new Error('the batch is too small');
    // The window between VirusTotal's having the file and the receipt's being stored; and just before it.
    stack.killWhen(sending(arrived, 'served'));
    stack.killWhen(sending(answered, 'answered'));
    stack.killWhen(storing(stored));
    stack.killWhen(sending(lost, 'asked'));
    stack.killAtRandom(8, 60);

    const submitFile = nameOf('SubmitFileFunction');
    const queued = objects.slice(0, 12);
    const single = objects.slice(12);
    const submissions = {
      messages: [...queued, ...queued.slice(0, 4)].map((object) =>
        messageOf(notificationOf(object)),
      ),
      events: [
        ...single.map((object, n) => (n % 2 === 0 ? notificationOf(object) : eventOf(object))),
        ...single.slice(0, 4).map((object) => notificationOf(object)),
        ...queued.slice(0, 2).map((object) => eventOf(object)),
      ],
    };
    await deliverAll(stack, submitFile, submissions);
    expect(sendings(objects), `seed ${SEED}, killed: ${stack.kills.join('; ')}`).toEqual(
      objects.map(() => 1),
    );

    stack.spare();
    // The claims give the receipts of what was sent.
    const outcomes = await deliverAll(stack, submitFile, {
      messages: [],
      events: objects.map((object) => eventOf(object)),
    });
    const receipts = z.array(submitted).parse(outcomes);
    const reports = await deliverAll(stack, nameOf('FileReputationFunction'), {
      messages: [],
      events: receipts.map(({ receipt: { scan_id } }) => ({ scan_id })),
    });
    const machine = stack.stack.outputs.ScanUploadStateMachineArn ?? '';
    const records = objects.map((object, n) => ({
      event: eventOf(object),
      outcome: 'reported',
      scan_id: receipts[n]?.receipt.scan_id,
      receipt: receipts[n]?.receipt,
      report: reports[n],
      execution: `${machine.replace(':stateMachine:', ':execution:')}:${n}`,
    }));
    for (const { execution, event } of records) stack.pretendToRun(execution, event);
    stack.killAtRandom(12, 30);
    const twice = { messages: [], events: [...records, ...records.slice(0, 8)] };
    await deliverAll(stack, nameOf('RecordVerdictFunction'), twice);
    await expectOneVerdictEach(objects);

    // After a restart, with all the same events.
    stack.spare();
    const sent = stack.events.length;
    await deliverAll(stack, submitFile, submissions);
    await deliverAll(stack, nameOf('RecordVerdictFunction'), twice);
    expect(stack.events).toHaveLength(sent);
    await expectOneVerdictEach(objects);
    expect(stack.kills.length).toBeGreaterThan(10);
  },
  TIMEOUT_MS,
);

test(
  `uploads end with one verdict each, whenever what scans them is killed (seed ${SEED})`,
  async () => {
    stack.killAtRandom(15, 60);
    const objects = await putAll(stack.bucket, 'scanned', 8);
    const arn = stack.stack.outputs.ScanUploadStateMachineArn ?? '';
    const executions = () => stack.stateMachines.listExecutions(arn);
    const isRunning = () => executions().some(({ status }) => status === 'RUNNING');
    const ended = async (count: number) => {
      while (executions().length < count || isRunning()) await stack.clock.sleep(30_000);
    };
    await ended(objects.length);

    stack.spare();
    for (const { input } of executions()) {
      stack.stateMachines.startExecution({ stateMachineArn: arn, input });
    }
    await ended(2 * objects.length);
    await expectOneVerdictEach(objects);
  },
  TIMEOUT_MS,
);
