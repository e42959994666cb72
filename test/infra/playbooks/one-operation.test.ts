import type { Workflow } from '@local/cloud/step-functions';
import { namedError, type StubFunction } from '@local/cloud/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { SPREAD_SECONDS } from '../../../infra/playbooks/steps/quota-wait.ts';
import { errorTable } from '../../../shared/errors.ts';
import { operations } from '../../../shared/operations/catalogue.ts';
import { definitions, play } from '../../support/playbooks.ts';

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

  it('waits as long as a quota error says, plus a random part', async () => {
    const { output, invoker, waits } = await run(failing(3, quota(60)));
    expect(output).toEqual({ response_code: 1 });
    expect(invoker.inputsOf(id)).toEqual([example, example, example, example]);
    for (const [index, seconds] of waits.entries()) {
      expect(seconds).toBeGreaterThanOrEqual(60);
      expect(seconds).toBeLessThan(60 + (SPREAD_SECONDS[index] ?? 0));
    }
  });

  it.each([
    [1, 1, 1 + 14],
    [3_600, 3_600, 2 * 3_600 + 14],
    [3_601, 3_601, 2 * 3_600 + 15],
    [82_000, 82_000, 86_400],
    [86_400, 82_800, 86_400],
    [86_401, 82_800, 86_400],
    // A month, and the largest number of 32 bits.
    [2_678_400, 82_800, 86_400],
    [2_147_483_000, 82_800, 86_400],
  ])('waits for %i s: from %i to %i s', async (named, least, most) => {
    const { waits } = await run(failing(1, quota(named)));
    expect(waits[0]).toBeGreaterThanOrEqual(least);
    expect(waits[0]).toBeLessThanOrEqual(most);
  });

  it('gives up on the quota after a hundred waits', async () => {
    const { output, invoker, events } = await run(failing(999, quota(1)));
    expect(output).toEqual({
      error: {
        name: 'QuotaExceededError',
        message: 'a=b: the quota is used up retryAfterSeconds=1',
      },
    });
    expect(invoker.calls).toHaveLength(101);
    expect(events).toBeLessThan(25_000);
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
