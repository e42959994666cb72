/** `SubmitFile` with the events that queues hand over, through every branch: with the deployed bundles. */
import { setTimeout as sleep } from 'node:timers/promises';
import { objectCreatedEvent, objectCreatedNotification } from '@local/cloud/events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUEUED_CALLS } from '../../support/lambda-faults.ts';
import {
  type PlaybookStack,
  SCENARIO_MS,
  startPlaybookStack,
} from '../../support/playbook-stack.ts';
import { QUIET_BUCKET, STARTUP_MS } from '../../support/running-stack.ts';
import {
  at,
  instead,
  longAnswers,
  lookUpOf,
  refusals,
  sha256Of,
  spentDay,
} from '../../support/virustotal-faults.ts';

let stack: PlaybookStack;

beforeAll(async () => {
  stack = await startPlaybookStack();
}, STARTUP_MS);
afterAll(() => stack?.close());

const WAIT = 'Wait for concurrent submission';

const uploads = (body: string) =>
  stack.simulator.requests.filter(({ file }) => file?.sha256 === sha256Of(body)).length;

/** Puts an object. @returns its events */
async function put(name: string) {
  const key = `handed-over/${name}.bin`;
  const versionId = await stack.put(key, name);
  const object = {
    bucket: QUIET_BUCKET,
    key,
    size: name.length,
    etag: 'e',
    versionId,
    sequencer: '01',
    reason: 'PutObject',
    time: new Date(0),
  } as const;
  return { event: objectCreatedEvent(object), notification: objectCreatedNotification([object]) };
}

describe('an upload event', () => {
  it(
    'is submitted once, though Lambda has no place and crashes, VirusTotal is down, and the quota is used up',
    async () => {
      const { event, notification } = await put('patient');
      for (const kind of ['throttled', 'crashed'] as const) {
        stack.lambdaFaults.add({ kind, of: 'SubmitFile', with: 'patient' });
      }
      stack.simulator.fault(refusals.unavailable(lookUpOf('patient')));
      stack.simulator.fault(refusals.quota(lookUpOf('patient')));
      for (const seconds of spentDay) {
        stack.simulator.fault(refusals.quota(lookUpOf('patient'), 1, seconds));
      }
      const { status, output, states } = await stack.execute('SubmitFile', event);
      expect(status).toBe('SUCCEEDED');
      expect(output).toMatchObject({ outcome: 'submitted' });
      expect(states).toContain('SubmitFile for event: Wait for quota');
      const again = await stack.execute('SubmitFile', notification);
      expect(again.output).toMatchObject({ records: [{ outcome: 'duplicate' }] });
      expect(uploads('patient')).toBe(1);
    },
    SCENARIO_MS,
  );

  it(
    'waits for another invocation that submits its object',
    async () => {
      const { event } = await put('busy');
      const hasWaited = Promise.withResolvers<void>();
      stack.s3Gate.fault('/busy.bin', { after: hasWaited.promise });
      const both = [stack.execute('SubmitFile', event), stack.execute('SubmitFile', event)];
      const isWaiting = () => stack.said.some((line) => line.includes(WAIT));
      while (!isWaiting()) await sleep(20);
      hasWaited.resolve();
      const ended = await Promise.all(both);
      expect(ended.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
      expect(ended.map(({ output }) => output.outcome).sort()).toEqual(['duplicate', 'submitted']);
      expect(ended.filter(({ states }) => states.includes(WAIT))).toHaveLength(1);
      expect(uploads('busy')).toBe(1);
    },
    SCENARIO_MS,
  );

  it(
    'fails the execution with a lasting error, which may be that it may not be read',
    async () => {
      stack.s3Gate.fault('/denied.bin', { status: 403, code: 'AccessDenied' });
      const denied = await stack.execute('SubmitFile', (await put('denied')).event);
      expect(denied).toMatchObject({ status: 'FAILED', error: 'ObjectAccessDeniedError' });
      const { event } = await put('refused');
      stack.simulator.fault(refusals.forbidden(lookUpOf('refused')));
      const ended = await stack.execute('SubmitFile', event);
      expect(ended).toMatchObject({ status: 'FAILED', error: 'ForbiddenByVirusTotalError' });
    },
    SCENARIO_MS,
  );

  it(
    'fails the execution when the quota lets the next try come only after its end',
    async () => {
      const { event } = await put('queued');
      const fault = { of: 'SubmitFile', with: 'handed-over/queued' };
      stack.lambdaFaults.add({ ...fault, kind: 'queued', times: QUEUED_CALLS });
      const { status, error } = await stack.execute('SubmitFile', event);
      expect({ status, error }).toEqual({ status: 'FAILED', error: 'QuotaExceededError' });
    },
    SCENARIO_MS,
  );

  it(
    'fails the execution when the function crashes every time, or its output is too long',
    async () => {
      const { event } = await put('crashing');
      stack.lambdaFaults.add({ kind: 'crashed', times: 4, of: 'SubmitFile', with: 'crashing' });
      const crashed = await stack.execute('SubmitFile', event);
      expect(crashed).toMatchObject({ status: 'FAILED', error: 'Runtime.ExitError' });
      const { event: long } = await put('excessive');
      stack.simulator.fault(instead(at('POST', '/files'), longAnswers.analysis));
      const excessive = await stack.execute('SubmitFile', long);
      expect(excessive).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    },
    SCENARIO_MS,
  );
});

it('takes every branch of events', () => {
  expect(stack.lambdaFaults.unused).toEqual([]);
  const others = /^(?:SubmitFile(?::.*)?|Upload event\?: default.*|Return error)$/;
  const uncovered = stack.uncovered('SubmitFile').filter((branch) => !others.test(branch));
  expect(uncovered).toEqual([]);
});
