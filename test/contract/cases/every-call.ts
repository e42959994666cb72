/** Uses everything that the stack has, so that every AWS call that it makes is made. */
import { eicarBytes } from '@local/virustotal';
import { samples } from '../../../infra/playbooks/samples.ts';
import {
  operations,
  quota,
  submissionStatus,
  submitFile,
  submitUrl,
} from '../../../shared/operations/catalogue.ts';
import { submitFileAcceptedOutput } from '../../../shared/operations/submit-file/accepted-output.ts';
import { directly, functionOf, overHttp, ways } from '../../support/call-operation.ts';
import type { TestStack } from '../../support/running-stack.ts';
import { at, lookUpOf, refusals } from '../../support/virustotal-faults.ts';

/** A file that is too large for an HTTP call of the stack whose calls are made, bytes. */
const SUBMITTED_LATER_BYTES = 1_001;

/** Over HTTP the stack sends files of that many bytes within the call. */
export const threshold = { HTTP_SUBMISSION_MAX_BYTES: String(SUBMITTED_LATER_BYTES - 1) } as const;

/** Does it; the stack's own trigger scans the uploads that this makes. */
export async function makeEveryCall(running: TestStack): Promise<void> {
  const version = await running.put('eicar.com', eicarBytes());
  await callOperations(running, version);
  await submitLater(running);
  await sendEvents(running, version);
  await runPlaybooks(running, version);
  await Promise.all(executionsOf(running).map((arn) => running.stateMachines.ended(arn)));
}

/** Every execution so far. */
export function executionsOf({ stateMachines }: TestStack): string[] {
  return stateMachines.stateMachines.flatMap(({ arn }) =>
    stateMachines.listExecutions(arn).map(({ executionArn }) => executionArn),
  );
}

async function callOperations(running: TestStack, versionId: string | undefined): Promise<void> {
  const inputs = [
    ...[...operations, quota].map((operation) => ({ operation, input: operation.example })),
    { operation: submitFile, input: { key: 'eicar.com', versionId } },
    { operation: submitFile, input: { key: 'eicar.com', upload: 'if-unknown' } },
    { operation: submitFile, input: { key: 'absent' } },
  ];
  for (const { operation, input } of inputs) {
    for (const [, way] of ways) await way(running, operation, input);
  }
}

/** Submits a large file over HTTP, which the playbook takes over, and polls its outcome. */
async function submitLater(running: TestStack): Promise<void> {
  const key = 'large.bin';
  await running.put(key, Buffer.alloc(SUBMITTED_LATER_BYTES));
  const { output } = await overHttp(running, submitFile, { key });
  const { submission_id: id } = submitFileAcceptedOutput.parse(output);
  for (const [, way] of ways) await way(running, submissionStatus, { id });
}

/** A claim is taken, found, finished, and given back: with digests when VirusTotal refuses, without when S3 does. */
async function sendEvents(running: TestStack, version: string | undefined): Promise<void> {
  const other = await running.put('other.bin', 'another file');
  const notification = {
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    eventTime: '2026-01-01T00:00:00.000Z',
    s3: {
      bucket: { name: running.bucket },
      object: {
        key: 'other.bin',
        size: 12,
        eTag: '0'.repeat(32),
        versionId: other,
        sequencer: '01',
      },
    },
  };
  const object = { key: 'eicar.com', size: 68, versionId: version };
  const event = objectCreated(running.bucket, object);
  const absent = objectCreated(running.bucket, { ...object, key: 'absent' });
  for (const payload of [event, event, absent, { Records: [notification] }]) {
    await invokeSubmitFile(running, payload);
  }
  const refused = 'a file that is refused';
  running.simulator.fault(refusals.forbidden(lookUpOf(refused)));
  running.simulator.fault(refusals.forbidden(at('POST', '/urls')));
  await directly(running, submitUrl, { url: 'http://refused.example.com/' });
  // The trigger sends the event.
  await running.put('refused.bin', refused);
}

async function runPlaybooks(running: TestStack, version: string | undefined): Promise<void> {
  for (const [name, sample] of Object.entries(samples)) {
    const stateMachineArn = running.stack.outputs[`${name}StateMachineArn`] ?? '';
    const object = { key: 'eicar.com', size: 68, versionId: version };
    const inputs: Readonly<Record<string, unknown>> = {
      ScanUpload: objectCreated(running.bucket, object),
      ScanExisting: { bucket: running.bucket },
    };
    const input = JSON.stringify(inputs[name] ?? sample);
    const { executionArn } = running.stateMachines.startExecution({ stateMachineArn, input });
    await running.stateMachines.ended(executionArn);
  }
}

function objectCreated(
  bucket: string,
  { key, size, versionId }: { key: string; size: number; versionId: string | undefined },
) {
  const object = { key, size, etag: '0'.repeat(32), 'version-id': versionId, sequencer: '02' };
  return { ...samples.ScanUpload, detail: { bucket: { name: bucket }, object } };
}

function invokeSubmitFile({ lambda, stack }: TestStack, payload: unknown) {
  return lambda.invoke(functionOf(stack, submitFile), JSON.stringify(payload));
}
