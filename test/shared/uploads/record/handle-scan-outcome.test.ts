/** Recording an outcome from end to end: verified first, then recorded, then logged. */

import { objectCreatedEvent } from '@local/cloud/events';
import { describe, expect, it, vi } from 'vitest';
import {
  type RecordVerdictInput,
  recordVerdictInput,
} from '../../../../shared/uploads/record/ended-execution.ts';
import { handleScanOutcome } from '../../../../shared/uploads/record/handle-scan-outcome.ts';
import type { ScanExecution } from '../../../../shared/uploads/record/verify-outcome.ts';
import { call, reportOf, requestOf, scanId, startRecording, UPLOADS } from './harness.ts';

const executionPrefix = 'arn:aws:states:us-east-1:000000000000:execution:ScanUpload-';
const execution = `${executionPrefix}ABC:one`;

/** Handles an input while Step Functions describes the execution so. */
async function handle(
  world: Awaited<ReturnType<typeof startRecording>>,
  input: RecordVerdictInput,
  described: Partial<ScanExecution>,
) {
  const describeScan = async () => ({
    status: 'RUNNING',
    input: 'null',
    redriveCount: 0,
    error: null,
    cause: null,
    ...described,
  });
  return handleScanOutcome({ ...world.services, executionPrefix, describeScan }, input, call());
}

/** Puts an object. @returns its event */
async function upload(world: Awaited<ReturnType<typeof startRecording>>, key: string) {
  const { versionId, etag } = await world.put(UPLOADS, key, 'hello world');
  return objectCreatedEvent({
    bucket: UPLOADS,
    key,
    size: 11,
    versionId: versionId ?? '',
    etag: etag ?? '',
    sequencer: '01',
    reason: 'PutObject',
    time: new Date(0),
  });
}

/** The log lines of what runs, without their times. */
async function linesOf<T>(run: () => Promise<T>): Promise<{ result: T; lines: object[] }> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const result = await run();
    const lines = write.mock.calls.map(([line]) => {
      const { timestamp: _, ...fields } = JSON.parse(String(line));
      return fields;
    });
    return { result, lines };
  } finally {
    write.mockRestore();
  }
}

const ended = (input: string | null, status = 'FAILED') =>
  recordVerdictInput.parse({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: { executionArn: execution, status, input, redriveCount: 0 },
  });

describe('the outcome of a scan', () => {
  it('is recorded, logged without the object’s name, and summarised for the playbook', async () => {
    const world = await startRecording();
    const event = await upload(world, 'secret name.txt');
    const input = requestOf({ event, execution });
    const { result, lines } = await linesOf(() =>
      handle(world, input, { input: JSON.stringify(event) }),
    );
    const [recorded] = world.events;
    expect(result).toEqual({
      outcome: 'reported',
      verdict: 'malicious',
      reason: null,
      scan_id: scanId,
      error: null,
      reasons: reportOf('malicious').verdict.reasons,
      id: recorded?.id,
      report: recorded?.report,
      tags: recorded?.tags,
      quarantine: null,
    });
    expect(recorded?.tags).toMatchObject({ status: 'written' });
    expect(lines).toEqual([
      {
        level: 'INFO',
        message: 'scan of an upload recorded',
        execution,
        id: recorded?.id,
        outcome: 'reported',
        verdict: 'malicious',
        tags: 'written',
      },
    ]);
  });

  it('names its error in the log, not the message', async () => {
    const world = await startRecording();
    const event = await upload(world, 'k');
    const error = { name: 'ApiKeyError', message: 'the secret is empty' };
    const input = requestOf({ event, execution, outcome: 'failed', report: null, error });
    const { result, lines } = await linesOf(() =>
      handle(world, input, { input: JSON.stringify(event) }),
    );
    expect(result).toMatchObject({ outcome: 'failed', verdict: 'unknown', error, reasons: [] });
    expect(lines).toMatchObject([{ outcome: 'failed', verdict: 'unknown', error: 'ApiKeyError' }]);
    expect(JSON.stringify(lines)).not.toContain('the secret is empty');
  });

  it.each([
    ['is no event', 'text'],
    ['is null', null],
    ['is a test event', { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' }],
    ['has a key that cannot be read', eventWithKey(7)],
    ['has an empty list of records', { Records: [] }],
  ])('of an execution whose input %s is returned and logged as an error', async (_, event) => {
    const world = await startRecording();
    const error = { name: 'States.Runtime', message: 'a path' };
    const described = { status: 'FAILED', input: JSON.stringify(event), error: error.name };
    const { result, lines } = await linesOf(() =>
      handle(world, ended(null), { ...described, cause: error.message }),
    );
    const summary = {
      outcome: 'failed',
      verdict: 'unknown',
      reason: null,
      scan_id: null,
      error,
    };
    const nothing = { reasons: [], id: null, report: null, tags: null, quarantine: null };
    expect(result).toEqual({ ...summary, ...nothing });
    expect(lines).toEqual([
      { level: 'ERROR', message: 'no object in the event of an execution', execution, ...summary },
    ]);
    expect(world.events).toEqual([]);
    expect(await world.items()).toEqual([]);
  });

  it('is left to the execution that was redriven since', async () => {
    const world = await startRecording();
    expect(await handle(world, ended('null'), { status: 'RUNNING', redriveCount: 1 })).toBeNull();
    expect(world.events).toEqual([]);
  });

  it('is refused before anything is done when the execution has ended', async () => {
    const world = await startRecording();
    const event = await upload(world, 'k');
    const described = { status: 'SUCCEEDED', input: JSON.stringify(event) };
    await expect(handle(world, requestOf({ event, execution }), described)).rejects.toMatchObject({
      name: 'InvalidInputError',
    });
    expect(await world.items()).toEqual([]);
  });
});

function eventWithKey(key: unknown) {
  return {
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: 'b' }, object: { key, size: 1 } },
  };
}
