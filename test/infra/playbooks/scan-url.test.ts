import type { Workflow } from '@local/cloud/step-functions';
import { namedError, type StubFunction } from '@local/cloud/testing';
import { beforeAll, expect, it } from 'vitest';
import { definitions, play } from '../../support/playbooks.ts';

let machine: Workflow | undefined;

beforeAll(() => {
  machine = definitions().get('ScanUrl');
});

const input = { url: 'https://example.com/' };
const scan_id = `${'a'.repeat(64)}-1700000000`;
const report = (response_code: number, value: string) => ({ response_code, verdict: { value } });
const reportAfter =
  (looks: number): StubFunction =>
  (_, before) =>
    before < looks ? report(-2, 'pending') : report(1, 'malicious');

const run = (SubmitUrl: StubFunction, UrlReputation: StubFunction) =>
  play(machine, input, { SubmitUrl, UrlReputation });

it('submits, pauses, looks by scan_id, and ends with report and verdict', async () => {
  const { output, invoker, waits } = await run(() => ({ scan_id }), reportAfter(2));
  expect(output).toEqual({
    outcome: 'reported',
    scan_id,
    verdict: { value: 'malicious' },
    report: report(1, 'malicious'),
  });
  expect(invoker.inputsOf('SubmitUrl')).toEqual([input]);
  expect(invoker.inputsOf('UrlReputation')).toEqual([{ scan_id }, { scan_id }, { scan_id }]);
  expect(waits).toEqual([20, 30, 60]);
});

it('pauses 20, 30, then 60 s, 15 min in all, and ends as pending', async () => {
  const { output, invoker, waits } = await run(() => ({ scan_id }), reportAfter(999));
  expect(output).toMatchObject({ outcome: 'pending', scan_id, verdict: { value: 'pending' } });
  expect(invoker.inputsOf('UrlReputation')).toHaveLength(16);
  expect(waits).toEqual([20, 30, ...Array(14).fill(60)]);
});

it('says what is not sent, with the verdict on it', async () => {
  const { output, invoker } = await run(
    () => ({ response_code: 0, scan_id: null }),
    () => report(0, 'skipped'),
  );
  expect(output).toMatchObject({
    outcome: 'not-sent',
    scan_id: null,
    verdict: { value: 'skipped' },
  });
  expect(invoker.inputsOf('UrlReputation')).toEqual([input]);
});

it('ends with the error of a submission that is refused', async () => {
  const { output, invoker } = await run(() => {
    throw namedError('InvalidInputError', 'url: got nothing');
  }, reportAfter(0));
  expect(output).toEqual({ error: { name: 'InvalidInputError', message: 'url: got nothing' } });
  expect(invoker.inputsOf('UrlReputation')).toEqual([]);
});

it('ends with the error of a look that is refused', async () => {
  const { output } = await run(
    () => ({ scan_id }),
    () => {
      throw namedError('ApiKeyError', 'no key');
    },
  );
  expect(output).toEqual({ error: { name: 'ApiKeyError', message: 'no key' } });
});

it('waits for the quota in every call, and goes on', async () => {
  const quota = namedError('QuotaExceededError', 'used up retryAfterSeconds=60');
  const { output, states } = await run(
    (_, before) => {
      if (before < 1) throw quota;
      return { scan_id };
    },
    (_, before) => {
      if (before < 2) throw quota;
      return report(1, 'clean');
    },
  );
  expect(output).toMatchObject({ outcome: 'reported', verdict: { value: 'clean' } });
  expect(states.filter((state) => state.endsWith('Wait for quota'))).toEqual([
    'SubmitUrl: Wait for quota',
    'UrlReputation: Wait for quota',
    'UrlReputation: Wait for quota',
  ]);
});
