/** `ScanUrl` through every branch: from the synthesised definition, with the deployed bundles. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUEUED_CALLS } from '../../support/lambda-faults.ts';
import {
  type PlaybookStack,
  SCENARIO_MS,
  startPlaybookStack,
} from '../../support/playbook-stack.ts';
import { STARTUP_MS } from '../../support/running-stack.ts';
import {
  at,
  instead,
  longAnswers,
  refusals,
  sha256Of,
  spentDay,
} from '../../support/virustotal-faults.ts';

let stack: PlaybookStack;

beforeAll(async () => {
  stack = await startPlaybookStack();
}, STARTUP_MS);
afterAll(() => stack?.close());

const submission = at('POST', '/urls');
const reportOf = (url: string) => at('GET', `/urls/${sha256Of(url)}`);

/** Branches to which no situation leads, each with its reason. */
const unreachable = {
  // The answer of what is not sent holds the URL, which is 8 KiB at most, twice.
  'UrlReputation by URL: Catch 1 (States.DataLimitExceeded)': true,
};

describe('an unknown URL', () => {
  it(
    'ends with its report',
    async () => {
      const url = 'http://new.example.com/path';
      const { status, output } = await stack.execute('ScanUrl', { url });
      expect(status).toBe('SUCCEEDED');
      expect(output).toMatchObject({
        outcome: 'reported',
        verdict: { value: 'clean' },
        report: { response_code: 1, url },
      });
      expect(output.report.total).toBeGreaterThan(10);
    },
    SCENARIO_MS,
  );

  it(
    'ends with its report when every call is refused for a while',
    async () => {
      const url = 'https://patient.example.com/simulated-malware';
      const throttled = { kind: 'throttled', times: 2 } as const;
      stack.lambdaFaults.add({ ...throttled, of: 'SubmitUrl', with: url });
      stack.lambdaFaults.add({ ...throttled, of: 'UrlReputation', with: sha256Of(url) });
      for (const request of [submission, reportOf(url)]) {
        stack.simulator.fault(refusals.unavailable(request));
        stack.simulator.fault(refusals.quota(request, 2));
      }
      stack.simulator.fault(refusals.notYet(reportOf(url)));
      const { output, states } = await stack.execute('ScanUrl', { url });
      expect(output).toMatchObject({
        outcome: 'reported',
        scan_id: expect.stringMatching(`^${sha256Of(url)}-[0-9]+$`),
        verdict: { value: 'malicious' },
        report: { response_code: 1, url },
      });
      for (const call of ['SubmitUrl', 'UrlReputation']) {
        const wait = `${call}: Wait for quota`;
        expect(states.filter((state) => state === wait)).toHaveLength(2);
      }
      expect(states.filter((state) => state === 'Wait for analysis')).toHaveLength(2);
    },
    SCENARIO_MS,
  );

  it(
    'is pending when VirusTotal has no report after 15 min',
    async () => {
      const url = 'https://slow.example.com/';
      stack.simulator.fault(refusals.notYet(reportOf(url), 'always'));
      const { output, states } = await stack.execute('ScanUrl', { url });
      expect(output).toMatchObject({
        outcome: 'pending',
        verdict: { value: 'pending' },
        report: { response_code: -2 },
      });
      expect(states.filter((state) => state === 'UrlReputation')).toHaveLength(16);
    },
    SCENARIO_MS,
  );
});

describe('a URL that is never sent', () => {
  it(
    'ends with the reason, when Lambda has no place and is slow at first',
    async () => {
      const url = 'http://10.0.0.1/skipped';
      stack.lambdaFaults.add({ kind: 'throttled', of: 'UrlReputation', with: url });
      stack.lambdaFaults.add({ kind: 'late', of: 'UrlReputation', with: url });
      const { output } = await stack.execute('ScanUrl', { url });
      expect(output).toMatchObject({
        outcome: 'not-sent',
        scan_id: null,
        verdict: { value: 'skipped' },
        report: { response_code: 0 },
      });
      expect(stack.simulator.requests.filter(({ path }) => path.includes('10.0.0.1'))).toEqual([]);
    },
    SCENARIO_MS,
  );

  it(
    'ends with the error when the function is too slow every time',
    async () => {
      const url = 'http://10.0.0.1/late';
      stack.lambdaFaults.add({ kind: 'late', of: 'UrlReputation', with: url, times: 5 });
      const { output } = await stack.execute('ScanUrl', { url });
      const message = expect.stringContaining('no answer within the time');
      expect(output).toEqual({ error: { name: 'UpstreamTimeoutError', message } });
    },
    SCENARIO_MS,
  );

  it(
    'ends with what Lambda says when the function crashes',
    async () => {
      const url = 'http://10.0.0.1/crashed';
      stack.lambdaFaults.add({ kind: 'crashed', of: 'UrlReputation', with: url });
      const { output } = await stack.execute('ScanUrl', { url });
      expect(output).toMatchObject({ error: { name: 'Runtime.ExitError' } });
    },
    SCENARIO_MS,
  );
});

describe('a submission', () => {
  it(
    'that VirusTotal refuses ends with the name of the error',
    async () => {
      const message = 'Unable to canonicalize url';
      const json = { error: { code: 'InvalidArgumentError', message } };
      stack.simulator.fault({ ...submission, kind: 'answer', status: 400, json });
      const { output } = await stack.execute('ScanUrl', { url: 'https://refused.example.com/' });
      expect(output).toEqual({
        error: { name: 'InvalidInputError', message: expect.stringContaining(message) },
      });
    },
    SCENARIO_MS,
  );

  it(
    'ends with what Lambda says when the function crashes',
    async () => {
      const url = 'https://crashed.example.com/';
      stack.lambdaFaults.add({ kind: 'crashed', of: 'SubmitUrl', with: url });
      const { output } = await stack.execute('ScanUrl', { url });
      expect(output).toMatchObject({ error: { name: 'Runtime.ExitError' } });
    },
    SCENARIO_MS,
  );

  it(
    'ends with an error when its output is longer than a state may give',
    async () => {
      stack.simulator.fault(instead(submission, longAnswers.analysis));
      const { output } = await stack.execute('ScanUrl', { url: 'https://long.example.com/' });
      expect(output).toMatchObject({ error: { name: 'States.DataLimitExceeded' } });
    },
    SCENARIO_MS,
  );
});

describe('a look', () => {
  it(
    'that VirusTotal refuses ends with the name of the error',
    async () => {
      const url = 'https://refused.example.org/';
      stack.simulator.fault(refusals.wrongKey(reportOf(url)));
      const { output } = await stack.execute('ScanUrl', { url });
      expect(output).toEqual({ error: { name: 'ApiKeyError', message: expect.any(String) } });
    },
    SCENARIO_MS,
  );

  it(
    'ends with what Lambda says when the function crashes',
    async () => {
      const url = 'https://crashed.example.org/';
      stack.lambdaFaults.add({ kind: 'crashed', of: 'UrlReputation', with: sha256Of(url) });
      const { output } = await stack.execute('ScanUrl', { url });
      expect(output).toMatchObject({ error: { name: 'Runtime.ExitError' } });
    },
    SCENARIO_MS,
  );

  it(
    'ends with an error when its output is longer than a state may give',
    async () => {
      const url = 'https://long.example.org/';
      stack.simulator.fault(instead(reportOf(url), longAnswers.url(url)));
      const { output } = await stack.execute('ScanUrl', { url });
      expect(output).toMatchObject({ error: { name: 'States.DataLimitExceeded' } });
    },
    SCENARIO_MS,
  );
});

it(
  'waits until the day after, and the day after that, in every call',
  async () => {
    const looking = 'https://tomorrow.example.com/';
    for (const seconds of spentDay) {
      stack.simulator.fault(refusals.quota(reportOf(looking), 1, seconds));
    }
    // One after the other: all callers wait while one is refused.
    const looks = await stack.execute('ScanUrl', { url: looking });
    for (const seconds of spentDay) stack.simulator.fault(refusals.quota(submission, 1, seconds));
    const submits = await stack.execute('ScanUrl', { url: 'https://tomorrow.example.org/' });
    for (const { output, states } of [looks, submits]) {
      expect(output).toMatchObject({ outcome: 'reported' });
      const waits = states.filter((state) => state.endsWith('Wait for quota'));
      expect(waits.length).toBeGreaterThanOrEqual(2);
    }
  },
  SCENARIO_MS,
);

it(
  'ends with the quota error when the next try would come after the end, in every call',
  async () => {
    const fault = { kind: 'queued', times: QUEUED_CALLS } as const;
    const looking = 'https://queued.example.com/';
    stack.lambdaFaults.add({ ...fault, of: 'UrlReputation', with: sha256Of(looking) });
    const submitting = 'https://queued.example.org/';
    stack.lambdaFaults.add({ ...fault, of: 'SubmitUrl', with: submitting });
    const urls = [looking, submitting];
    const ends = await Promise.all(urls.map((url) => stack.execute('ScanUrl', { url })));
    for (const { output } of ends) {
      expect(output).toMatchObject({ error: { name: 'QuotaExceededError' } });
    }
  },
  SCENARIO_MS,
);

it('has no branch that was not taken', () => {
  expect(stack.lambdaFaults.unused).toEqual([]);
  expect(stack.uncovered('ScanUrl')).toEqual(Object.keys(unreachable));
});
