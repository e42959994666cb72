import type { Workflow } from '@local/cloud/step-functions';
import { MAX_HISTORY_EVENTS } from '@local/cloud/step-functions';
import { namedError, type StubFunction } from '@local/cloud/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { definitions, play } from '../../support/playbooks.ts';

let machine: Workflow | undefined;

beforeAll(() => {
  machine = definitions().get('SubmitFile');
}, 60_000);

const event = { source: 'aws.s3', detail: { bucket: { name: 'uploads' }, object: { key: 'a' } } };
const notification = { Records: [{ eventSource: 'aws:s3' }] };
const submitted = { outcome: 'submitted', retryAfterSeconds: null, receipt: {} };
const inProgress = { outcome: 'in-progress', retryAfterSeconds: 905, receipt: null };

const run = (input: object, answer: StubFunction) => play(machine, input, { SubmitFile: answer });

/** Fails so often, then answers. */
const failing =
  (times: number, name: string, message = 'later'): StubFunction =>
  (_, before) => {
    if (before < times) throw namedError(name, message);
    return submitted;
  };

const quota = 'the quota is used up. retryAfterSeconds=60';

describe.each([
  ['an EventBridge event', event, submitted],
  ['a notification', notification, { records: [submitted] }],
])('%s', (_, input, answer) => {
  it('reaches the function unchanged, and the execution ends with its answer', async () => {
    const { output, invoker, states } = await run(input, () => answer);
    expect(output).toEqual(answer);
    expect(invoker.inputsOf('SubmitFile')).toEqual([input]);
    expect(states).toEqual([
      'Prepare input',
      'Upload event?',
      'SubmitFile for event',
      'In progress?',
      'Done',
    ]);
  });

  it('is tried again, unchanged, after everything that can pass', async () => {
    const failures = [
      ['QuotaExceededError', quota],
      ['UpstreamUnavailableError', 'another invocation is submitting it; try again in 905 s'],
      ['UpstreamTimeoutError', 'late'],
      ['Lambda.TooManyRequestsException', 'busy'],
      ['Runtime.ExitError', 'killed'],
      ['Sandbox.Timedout', 'late'],
    ] as const;
    const { output, invoker } = await run(input, (_input, before) => {
      const [name, message] = failures[before] ?? [];
      if (name) throw namedError(name, message ?? '');
      return answer;
    });
    expect(output).toEqual(answer);
    expect(invoker.inputsOf('SubmitFile')).toEqual(Array(failures.length + 1).fill(input));
  });

  it.each(['ObjectNotFoundError', 'ApiKeyError', 'InternalError'])(
    'fails the execution after %s, because no one waits for its output',
    async (name) => {
      const { execution } = await run(input, failing(999, name, 'a reason'));
      expect(execution).toMatchObject({ status: 'FAILED', error: name, cause: 'a reason' });
    },
  );
});

it('an object that another invocation submits is asked for again when that has ended', async () => {
  const { output, waits, invoker } = await run(event, (_, before) =>
    before < 3 ? inProgress : submitted,
  );
  expect(output).toEqual(submitted);
  expect(waits).toEqual([905, 905, 905]);
  expect(invoker.calls).toHaveLength(4);
});

it('waits for the quota for days, within the limit of history events, before it fails', async () => {
  const { execution, waits, events } = await run(
    event,
    failing(99_999, 'QuotaExceededError', quota),
  );
  expect(execution).toMatchObject({ status: 'FAILED', error: 'QuotaExceededError' });
  expect(execution.cause).toMatch(/^the quota is used up\..* retryAfterSeconds=60$/);
  expect(waits).toHaveLength(600);
  expect(events).toBeLessThan(MAX_HISTORY_EVENTS);
});

it('an execution may take 90 days', () => {
  expect(machine?.TimeoutSeconds).toBe(90 * 86_400);
});

it('a direct input takes the way of every other operation', async () => {
  const failure = namedError('ObjectNotFoundError', 'a reason');
  const { execution, output, states } = await run({ key: 'a' }, () => {
    throw failure;
  });
  expect(execution.status).toBe('SUCCEEDED');
  expect(output).toEqual({ error: { name: 'ObjectNotFoundError', message: 'a reason' } });
  expect(states).not.toContain('SubmitFile for event');
});
