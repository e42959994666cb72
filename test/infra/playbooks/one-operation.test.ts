import type { Workflow } from '@local/cloud/step-functions';
import { MAX_HISTORY_EVENTS } from '@local/cloud/step-functions';
import { namedError, type StubFunction } from '@local/cloud/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { QUOTA_WAITS } from '../../../infra/playbooks/one-operation.ts';
import { errorTable, QuotaExceededError } from '../../../shared/errors.ts';
import { operations } from '../../../shared/operations/catalogue.ts';
import { describeWait } from '../../../shared/quota/messages.ts';
import { definitions, play } from '../../support/playbooks.ts';

const DAY_MS = 86_400_000;

let machines: ReadonlyMap<string, Workflow>;

beforeAll(() => {
  machines = definitions();
});

const quota = (seconds: number) =>
  namedError('QuotaExceededError', `a=b: the quota is used up retryAfterSeconds=${seconds}`);

/** Fails so often, then answers. */
const failing =
  (times: number, error: Error): StubFunction =>
  (_, before) => {
    if (before < times) throw error;
    return { response_code: 1 };
  };

it.each(operations)('$id gives its function the input, and ends with the output', async (one) => {
  const { id, example } = one;
  const answer = () => ({ response_code: 1, resource: 'x' });
  const { output, invoker, states } = await play(machines.get(id), example, { [id]: answer });
  expect(output).toEqual({ response_code: 1, resource: 'x' });
  expect(invoker.inputsOf(id)).toEqual([example]);
  expect(states.filter((state) => state !== 'Upload event?')).toEqual([
    'Prepare input',
    id,
    'Done',
  ]);
});

// SubmitFile has more: it takes events, too.
it.each(operations.filter(({ id }) => id !== 'SubmitFile'))(
  '$id has the states of FileReputation',
  ({ id, summary }) => {
    const states = (name: string) =>
      JSON.stringify(machines.get(name)?.States).replaceAll(
        new RegExp(`${name}(Function[0-9A-F]{8})?`, 'g'),
        'Name',
      );
    expect(states(id)).toBe(states('FileReputation'));
    expect(machines.get(id)?.Comment).toBe(summary);
  },
);

describe('a sample', () => {
  const id = 'FileReputation';
  const example = { hash: 'x' };
  const run = (answer: StubFunction) => play(machines.get(id), example, { [id]: answer });

  it.each(['UpstreamUnavailableError', 'UpstreamTimeoutError', 'Lambda.TooManyRequestsException'])(
    'tries again after %s',
    async (name) => {
      const { output, invoker } = await run(failing(4, namedError(name, 'later')));
      expect(output).toEqual({ response_code: 1 });
      expect(invoker.calls).toHaveLength(5);
    },
  );

  it('gives up after four more tries', async () => {
    const { output, invoker } = await run(
      failing(99, namedError('UpstreamTimeoutError', 'too late')),
    );
    expect(output).toEqual({ error: { name: 'UpstreamTimeoutError', message: 'too late' } });
    expect(invoker.calls).toHaveLength(5);
  });

  it('waits as long as a quota error says and no longer, with four states a wait', async () => {
    const seconds = [60, 1, 243_983];
    const { output, invoker, waits, states } = await run((_, before) => {
      const told = seconds[before];
      if (told !== undefined) throw quota(told);
      return { response_code: 1 };
    });
    expect(output).toEqual({ response_code: 1 });
    expect(invoker.inputsOf(id)).toEqual([example, example, example, example]);
    expect(waits).toEqual(seconds);
    const wait = [
      `${id}: Compute quota wait`,
      `${id}: Quota wait possible?`,
      `${id}: Wait for quota`,
    ];
    expect(states).toEqual(['Prepare input', ...seconds.flatMap(() => [id, ...wait]), id, 'Done']);
  });

  it.each([
    [259_200, 259_200],
    [259_201, 259_200],
    // A month.
    [2_678_400, 259_200],
  ])('of %i s it waits for %i s at a time', async (told, waited) => {
    const { waits, output } = await run(failing(1, quota(told)));
    expect(waits).toEqual([waited]);
    expect(output).toEqual({ response_code: 1 });
  });

  it('gives up on the quota when its history has no room for more waits', async () => {
    const { output, invoker, events } = await run(failing(999, quota(1)));
    expect(output).toEqual({
      error: {
        name: 'QuotaExceededError',
        message:
          'a=b: the quota is used up The execution has waited 400 times, and its history has no room for more. retryAfterSeconds=1',
      },
    });
    expect(invoker.calls).toHaveLength(QUOTA_WAITS + 1);
    expect(events).toBeLessThan(MAX_HISTORY_EVENTS);
  });

  it.each([
    // 90 days and 25 h for what follows a wait: 29 waits of three days leave less than three days.
    [259_200, 29],
    // 90 days and a second.
    [7_776_001, 0],
    // Half of it, of which 14 waits leave enough, and 15 do not.
    [3_888_000, 15],
  ])('ends at once when the error says %i s and less is left', async (told, count) => {
    const { output, waits, execution } = await run(failing(999, quota(told)));
    expect(waits).toEqual(Array(count).fill(259_200));
    const { name, message } = output.error;
    expect(name).toBe('QuotaExceededError');
    const [, next = '', ends = ''] =
      /^a=b: the quota is used up The next try, at (\S+), is too late for the execution, which ends at (\S+)\. retryAfterSeconds=\d+$/.exec(
        message,
      ) ?? [];
    expect(Date.parse(ends)).toBe(execution.startDate + 90 * DAY_MS);
    expect(Date.parse(next)).toBe((execution.stopDate ?? 0) + told * 1000);
    expect(message).toMatch(new RegExp(` retryAfterSeconds=${told}$`));
  });

  it('ends at once when the line for the quota takes no more', async () => {
    const view = { door: {}, line: {}, settings: {} } as const;
    const said = describeWait(
      Object(view),
      { reason: 'too-long', until: 0, place: null, lane: 'bulk' },
      0,
    );
    const refused = new QuotaExceededError(said, 259_200);
    const { output, waits } = await run(failing(999, namedError(refused.name, refused.message)));
    expect(waits).toEqual([]);
    expect(output).toEqual({ error: { name: 'QuotaExceededError', message: refused.message } });
    expect(refused.message).toContain('longer than 60 days; it is shorter from about 1970-01-01');
  });

  it('ends with what Lambda says when the function does not answer', async () => {
    const { output } = await run(failing(99, namedError('Sandbox.Timedout', 'it took too long')));
    expect(output.error.name).toBe('Sandbox.Timedout');
    expect(output.error.message).toContain('it took too long');
  });
});

it.each(
  [...Object.entries(errorTable), ['InternalError', { retryable: false }] as const]
    .filter(([, { retryable }]) => !retryable)
    .map(([name]) => name),
)('ends with %s at once', async (name) => {
  const { output, invoker, execution } = await play(
    machines.get('FileReputation'),
    {},
    {
      FileReputation: failing(99, namedError(name, 'a "quoted" \\ reason')),
    },
  );
  expect(execution.status).toBe('SUCCEEDED');
  expect(output).toEqual({ error: { name, message: 'a "quoted" \\ reason' } });
  expect(invoker.calls).toHaveLength(1);
});

it('ends with the error when the answer is too large', async () => {
  const { output } = await play(
    machines.get('FileReputation'),
    {},
    {
      FileReputation: () => 'x'.repeat(300_000),
    },
  );
  expect(output.error.name).toBe('States.DataLimitExceeded');
});
