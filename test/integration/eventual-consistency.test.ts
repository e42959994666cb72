/** A Step Functions that shows executions late, as it may on AWS, with the deployed bundles. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution } from '@local/cloud/step-functions';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { submissionStatus, submitFile } from '../../shared/operations/catalogue.ts';
import { createSubmissionId } from '../../shared/operations/submission-status/submission-id.ts';
import { submitFileAcceptedOutput } from '../../shared/operations/submit-file/accepted-output.ts';
import { directly, overHttp } from '../support/call-operation.ts';
import { expectError } from '../support/expect-error.ts';
import { STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';

const LIMIT = 1_000;
const SPEED = 4;
/** Longer than the functions look; eight real seconds, in which a test makes two calls. */
const LAG_MS = 32_000;
const TIMEOUT_MS = 120_000;

let running: TestStack;
/** The scan of an upload, which goes on during the other tests: it waits in real time. */
let scanned: Promise<Execution>;

beforeAll(async () => {
  const environment = { HTTP_SUBMISSION_MAX_BYTES: String(LIMIT) };
  const simulator = { queuedMs: 0, inProgressMs: 0 };
  running = await startTestStack({
    environment,
    simulator,
    isTriggered: true,
    speed: SPEED,
    describeLagMs: LAG_MS,
  });
  scanned = scan('small.bin');
}, STARTUP_MS);
afterAll(() => running?.close());

it(
  'a submission that was just accepted is running, not 404, until its result is shown',
  async () => {
    await running.put('large.bin', Buffer.alloc(LIMIT + 1, 'large'));
    const { output } = await overHttp(running, submitFile, { key: 'large.bin' });
    const { submission_id: id } = submitFileAcceptedOutput.parse(output);
    const startedAt = running.clock.now();
    for (const way of [overHttp, directly]) {
      const { output: first } = await way(running, submissionStatus, { id });
      expect(first).toEqual({
        id,
        status: 'running',
        start_date: expect.stringMatching(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/),
        end_date: null,
        output: null,
        error: null,
      });
    }
    expect(running.clock.now() - startedAt).toBeLessThan(LAG_MS);
    const isOver = async () =>
      Object((await overHttp(running, submissionStatus, { id })).output).status;
    await expect.poll(isOver, { timeout: TIMEOUT_MS, interval: 500 }).toBe('succeeded');
  },
  TIMEOUT_MS,
);

it.each([
  ['of an earlier release', () => randomUUID()],
  ['of two minutes ago', () => createSubmissionId(running.clock.now() - 120_000, randomUUID())],
  ['of the next hour', () => createSubmissionId(running.clock.now() + 3_600_000, randomUUID())],
  ['of the year 2106', () => 'ffffffff-ffff-7fff-bfff-ffffffffffff'],
])(
  'an unknown id %s is 404',
  async (_, idOf) => {
    const input = { id: idOf() };
    const name = 'ObjectNotFoundError';
    await expectError(running, {
      operation: submissionStatus,
      input,
      name,
      message: /there is no submission/,
    });
  },
  TIMEOUT_MS,
);

it(
  'an upload is recorded once its execution is shown',
  async () => {
    const { status, output } = await scanned;
    expect({ status, output: JSON.parse(output ?? '{}') }).toMatchObject({
      status: 'SUCCEEDED',
      output: { outcome: 'reported' },
    });
  },
  TIMEOUT_MS,
);

/** Puts an object, and waits for the end of the scan that its event starts. */
async function scan(key: string): Promise<Execution> {
  await running.put(key, 'small');
  const find = () =>
    running.stateMachines
      .listExecutions(running.stack.outputs.ScanUploadStateMachineArn ?? '')
      .find(({ input }) => JSON.parse(input).detail.object.key === key);
  while (!find()) await sleep(20);
  return running.stateMachines.ended(find()?.executionArn ?? '');
}
