/** The largest object that VirusTotal takes, from S3 through SubmitFile to VirusTotal. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { localClientOptions } from '@local/cloud';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { submitFile } from '../../shared/operations/catalogue.ts';
import { directly, functionOf } from '../support/call-operation.ts';
import { STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';

const MIB = 1024 * 1024;
const SIZE = 650 * MIB;
/** No measure of speed: on a quiet machine it takes 20 seconds. */
const TIMEOUT_MS = 600_000;
/** Peak of resident memory, MiB. Measured: 84 and 302; the latter includes the test runner. */
const PEAK_MIB = { function: 150, localRun: 450 };

let stack: TestStack;
let s3: S3Client;

beforeAll(async () => {
  stack = await startTestStack();
  s3 = new S3Client({ ...localClientOptions(stack.awsUrl), forcePathStyle: true });
}, STARTUP_MS);
afterAll(async () => {
  s3?.destroy();
  await stack?.close();
});

/** Blocks that differ, so that a missing or repeated one changes the digest. */
function* blocks(): Generator<Buffer> {
  for (let number = 0; number < SIZE / MIB; number++) {
    const block = Buffer.alloc(MIB, 'no two blocks are alike; ');
    block.writeUInt32BE(number);
    yield block;
  }
}

test(
  '650 MiB arrive whole',
  async () => {
    const sha256 = createHash('sha256');
    for (const block of blocks()) sha256.update(block);
    const expected = { sha256: sha256.digest('hex'), size: SIZE };
    const Body = Readable.from(blocks(), { objectMode: false });
    const params = { Bucket: stack.bucket, Key: 'largest.bin', Body };
    await new Upload({ client: s3, params }).done();

    const { output } = await directly(stack, submitFile, { key: params.Key });

    expect(output).toMatchObject({ sha256: expected.sha256, response_code: 1 });
    const sent = stack.simulator.requests.filter(({ file }) => file !== undefined);
    expect(sent.map(({ status, file }) => ({ status, ...file }))).toEqual([
      { status: 200, name: 'sample', ...expected },
    ]);
  },
  TIMEOUT_MS,
);

// The function's process is kept for 30 seconds.
test.runIf(existsSync('/proc/self/status'))('in little memory', () => {
  const arn = functionOf(stack.stack, submitFile);
  const fn = stack.stack.functions.find((one) => one.arn === arn);
  const [pid, ...others] = stack.lambda.pids(fn?.logicalId);
  expect(others).toEqual([]);
  expect(peakOf(`${pid}`)).toBeLessThan(PEAK_MIB.function);
  expect(peakOf('self')).toBeLessThan(PEAK_MIB.localRun);
});

/** Returns the most memory that a process has had, MiB. */
function peakOf(pid: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
