/** What the deployed `RecordVerdict` refuses: outcomes that `ScanUpload` has not reached. */
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { localClientOptions } from '@local/cloud';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';

const TIMEOUT_MS = 60_000;

/** At a higher speed, a busy machine may not start a function before its timeout, which ends the open scan. */
const SPEED = 10;

let running: TestStack;
let s3: S3Client;
/** An execution that is still running, and one that has recorded a verdict. */
let open: Scan;
let done: Scan;

interface Scan {
  readonly key: string;
  readonly arn: string;
  readonly event: unknown;
}

beforeAll(async () => {
  running = await startTestStack({ isTriggered: true, speed: SPEED });
  s3 = new S3Client({ ...localClientOptions(running.awsUrl), forcePathStyle: true });
  done = await scan('done.bin', 'a file whose scan is over');
  await running.stateMachines.ended(done.arn);
  open = await scan('open.bin', 'a file whose scan goes on');
  const sent = () => running.simulator.requests.filter(({ method }) => method === 'POST').length;
  while (sent() < 2) await sleep(20);
  // VirusTotal has no report from now on. Before the file is sent, that answer would end the scan.
  running.simulator.fault({ kind: 'not-available-yet', times: 'always', match: { method: 'GET' } });
}, STARTUP_MS);
afterAll(async () => {
  s3?.destroy();
  await running?.close();
});

const machineOf = (playbook: string) => running.stack.outputs[`${playbook}StateMachineArn`] ?? '';

/** Uploads an object, and finds the execution that its event has started. */
async function scan(key: string, body: string): Promise<Scan> {
  await running.put(key, body);
  const find = () =>
    running.stateMachines
      .listExecutions(machineOf('ScanUpload'))
      .find(({ input }) => JSON.parse(input).detail.object.key === key);
  while (!find()) await sleep(20);
  const found = find();
  return { key, arn: found?.executionArn ?? '', event: JSON.parse(found?.input ?? '{}') };
}

async function tagsOf(Key: string) {
  const { TagSet = [] } = await s3.send(
    new GetObjectTaggingCommand({ Bucket: running.bucket, Key }),
  );
  return TagSet;
}

/** Invokes the function as anyone in the account could. */
async function record(input: object) {
  const lambda = running.stack.functions.find(({ logicalId }) =>
    logicalId.includes('RecordVerdictFunction'),
  );
  return running.lambda.invoke(lambda?.name ?? '', JSON.stringify(input));
}

const clean = (execution: string, event: unknown) => ({
  event,
  outcome: 'reported',
  execution,
  report: { verdict: { value: 'clean' } },
});

const endOf = (executionArn: string, detail: object = {}) => ({
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: { executionArn, status: 'FAILED', input: JSON.stringify(open.event), ...detail },
});

describe('nothing is tagged by an outcome', () => {
  it.each<[string, () => object, string]>([
    ['of no execution', () => clean('x', open.event), 'InvalidInputError'],
    [
      'of an execution that is not there',
      () => clean(`${open.arn}-not`, open.event),
      'UpstreamUnavailableError',
    ],
    ['of a scan that is over', () => clean(done.arn, done.event), 'InvalidInputError'],
    ['of another object than the scan', () => clean(open.arn, done.event), 'InvalidInputError'],
    [
      'of a changed event',
      () => clean(open.arn, { ...Object(open.event), id: 'another' }),
      'InvalidInputError',
    ],
    ['that is the end of a running scan', () => endOf(open.arn), 'InvalidInputError'],
    [
      'that is another end',
      () => endOf(done.arn, { status: 'ABORTED', input: JSON.stringify(done.event) }),
      'InvalidInputError',
    ],
    [
      'that is the end of no execution',
      () => endOf('arn:aws:states:us-east-1:000000000000:execution:x:y'),
      'InvalidInputError',
    ],
  ])(
    '%s',
    async (_, input, name) => {
      const before = await tagsOf(done.key);
      const calls = running.calls.calls.length;
      const result = await record(input());
      expect(result).toMatchObject({ status: 'failed', error: { errorType: name } });
      expect(await tagsOf(open.key)).toEqual([]);
      expect(await tagsOf(done.key)).toEqual(before);
      // It only looked the execution up.
      const made = running.calls.calls.slice(calls);
      const own = made.filter(({ principal }) => principal.includes('RecordVerdict'));
      expect(own.filter(({ action }) => action !== 'states:DescribeExecution')).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'of another playbook with the same input',
    async () => {
      const { executionArn } = running.stateMachines.startExecution({
        stateMachineArn: machineOf('ScanUrl'),
        input: JSON.stringify(open.event),
      });
      expect(await record(clean(executionArn, open.event))).toMatchObject({
        error: { errorType: 'InvalidInputError' },
      });
      expect(await tagsOf(open.key)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

it(
  'a scan that is stopped is recorded as Step Functions says, whatever the event says',
  async () => {
    await running.stateMachines.stopExecution(open.arn, 'Stopped', 'by hand');
    const verdict = async () =>
      (await tagsOf(open.key)).find(({ Key }) => Key === 'virustotal-verdict')?.Value;
    await expect.poll(verdict, { timeout: TIMEOUT_MS }).toBe('unknown');
    const forged = endOf(open.arn, { status: 'ABORTED', error: 'Forged', cause: 'forged' });
    const result = await record(forged);
    const output = result.status === 'succeeded' ? JSON.parse(result.payload) : result;
    expect(output).toMatchObject({
      outcome: 'failed',
      error: { name: 'Stopped', message: 'by hand' },
    });
  },
  TIMEOUT_MS,
);
