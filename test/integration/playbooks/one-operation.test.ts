/** The six samples, each through every branch: from the synthesised definition, with the deployed bundles. */

import type { Fault } from '@local/virustotal';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { operations } from '../../../shared/operations/catalogue.ts';
import { QUEUED_CALLS } from '../../support/lambda-faults.ts';
import {
  type PlaybookStack,
  SCENARIO_MS,
  startPlaybookStack,
} from '../../support/playbook-stack.ts';
import { leaksOf, STARTUP_MS } from '../../support/running-stack.ts';
import {
  type Asked,
  at,
  instead,
  longAnswers,
  lookUpOf,
  refusals,
  sha256Of,
  spentDay,
} from '../../support/virustotal-faults.ts';

const EICAR_MD5 = '44d88612fea8a8f36de82e1278abb02f';

let stack: PlaybookStack;

beforeAll(async () => {
  stack = await startPlaybookStack();
}, STARTUP_MS);
afterAll(() => stack?.close());

/** What a sample is asked, and what VirusTotal is asked then. */
interface Situation {
  readonly input: object;
  /** The request that is refused. */
  readonly asked: Asked;
  /** The request that ends the work. */
  readonly last: Asked;
  /** An answer to it that makes too long an output. */
  readonly long: unknown;
}

/** One that no other test meets, told by its name. */
type Situate = (name: string) => Situation | Promise<Situation>;

const names = ['patient', 'refused', 'crashed', 'excessive', 'spent', 'tomorrow'];
const submission = at('POST', '/files');
const urls = at('POST', '/urls');

const situations: Readonly<Record<string, Situate>> = {
  SubmitFile: async (name) => {
    const key = `samples/${name}.bin`;
    await stack.put(key, name);
    const asked = lookUpOf(name);
    const input = { key, upload: 'if-unknown' };
    return { input, asked, last: submission, long: longAnswers.analysis };
  },
  SubmitUrl: (name) => {
    const input = { url: `https://${name}.example.com/` };
    return { input, asked: urls, last: urls, long: longAnswers.analysis };
  },
  FileReputation: (name) => {
    const hash = sha256Of(`digest ${name}`);
    return lookUp({ hash }, `/files/${hash}`, longAnswers.file(hash));
  },
  IpReputation: (name) => {
    const ip = `198.51.100.${100 + names.indexOf(name)}`;
    return lookUp({ ip, details: 'summary' }, `/ip_addresses/${ip}`, longAnswers.ip(ip));
  },
  DomainReputation: (name) => {
    const domain = `${name}.example.com`;
    const input = { domain, details: 'summary' };
    return lookUp(input, `/domains/${domain}`, longAnswers.domain(domain));
  },
  UrlReputation: (name) => {
    const url = `https://${name}.example.org/`;
    const id = Buffer.from(url).toString('base64url');
    return lookUp({ url }, `/urls/${id}`, longAnswers.url(url));
  },
};

function lookUp(input: object, path: string, long: unknown): Situation {
  const asked = at('GET', path);
  return { input, asked, last: asked, long };
}

/** What each ends with when nothing is in its way any more. */
const answers: Readonly<Record<string, object>> = {
  SubmitFile: { response_code: 1, sha256: sha256Of('patient') },
  SubmitUrl: { response_code: 1, url: 'https://patient.example.com/' },
  FileReputation: { response_code: 0, verdict: { value: 'unknown' } },
  IpReputation: { response_code: 1, verdict: { value: 'clean' } },
  DomainReputation: { response_code: 1, verdict: { value: 'clean' } },
  UrlReputation: { response_code: 0, verdict: { value: 'unknown' } },
};

/** A lasting refusal for each, all kinds among them. */
const lasting: Readonly<Record<string, readonly [(asked: Asked) => Fault, error: string]>> = {
  SubmitFile: [refusals.wrongKey, 'ApiKeyError'],
  SubmitUrl: [refusals.notJson, 'UpstreamError'],
  FileReputation: [refusals.forbidden, 'ForbiddenByVirusTotalError'],
  IpReputation: [refusals.notJson, 'UpstreamError'],
  DomainReputation: [refusals.wrongKey, 'ApiKeyError'],
  UrlReputation: [refusals.forbidden, 'ForbiddenByVirusTotalError'],
};

const playbooks = operations.map(({ id }) => id);

async function situation(playbook: string, name: string): Promise<Situation> {
  const situate = situations[playbook];
  if (!situate) throw new Error(`${playbook} has no situation in this file`);
  return situate(name);
}

describe('a sample', () => {
  it.each([
    ['SubmitFile', { key: 'samples/sample.bin' }, { response_code: 1 }],
    ['SubmitUrl', { url: 'hxxps://example[.]com/' }, { url: 'https://example.com/' }],
    ['FileReputation', { hash: EICAR_MD5 }, { response_code: 1, verdict: { value: 'malicious' } }],
    ['IpReputation', { ip: '203.0.113.7' }, { response_code: 1, verdict: { value: 'malicious' } }],
    ['DomainReputation', { domain: 'example.com' }, { verdict: { value: 'clean' } }],
    ['UrlReputation', { url: 'http://malware.example.com/' }, { verdict: { value: 'malicious' } }],
  ])(
    '%s ends with the output of its operation',
    async (playbook, input, output) => {
      await stack.put('samples/sample.bin', 'a sample for the playbooks');
      expect(await stack.execute(playbook, input)).toMatchObject({ status: 'SUCCEEDED', output });
    },
    SCENARIO_MS,
  );

  it.each([
    ['SubmitFile', { key: 'samples/missing.bin' }, 'ObjectNotFoundError'],
    ['FileReputation', { hash: 'no hash' }, 'InvalidInputError'],
    ['UrlReputation', {}, 'InvalidInputError'],
  ])(
    '%s ends with a named error for %j',
    async (playbook, input, name) => {
      const output = { error: { name, message: expect.any(String) } };
      expect(await stack.execute(playbook, input)).toMatchObject({ status: 'SUCCEEDED', output });
    },
    SCENARIO_MS,
  );
});

describe.each(playbooks)('%s', (playbook) => {
  it(
    'goes on when Lambda has no place, VirusTotal is down, and the quota is used up',
    async () => {
      const { input, asked } = await situation(playbook, 'patient');
      stack.lambdaFaults.add({ kind: 'throttled', of: playbook, with: JSON.stringify(input) });
      stack.simulator.fault(refusals.unavailable(asked));
      stack.simulator.fault(refusals.quota(asked));
      const { status, output, states } = await stack.execute(playbook, input);
      expect(status).toBe('SUCCEEDED');
      expect(output).toMatchObject(answers[playbook] ?? {});
      expect(states).toContain(`${playbook}: Wait for quota`);
    },
    SCENARIO_MS,
  );

  it(
    'ends with the name of a lasting error',
    async () => {
      const { input, asked } = await situation(playbook, 'refused');
      const [refuse, name] = lasting[playbook] ?? [refusals.forbidden, ''];
      stack.simulator.fault(refuse(asked));
      const { status, output } = await stack.execute(playbook, input);
      expect(status).toBe('SUCCEEDED');
      expect(output).toEqual({ error: { name, message: expect.any(String) } });
      expect(leaksOf(stack)).toEqual([]);
    },
    SCENARIO_MS,
  );

  it(
    'ends with what Lambda says when the function crashes',
    async () => {
      const { input } = await situation(playbook, 'crashed');
      stack.lambdaFaults.add({ kind: 'crashed', of: playbook, with: JSON.stringify(input) });
      const { output } = await stack.execute(playbook, input);
      const message = expect.stringContaining('signal: killed');
      expect(output).toEqual({ error: { name: 'Runtime.ExitError', message } });
    },
    SCENARIO_MS,
  );

  it(
    'ends with an error when the output is longer than a state may give',
    async () => {
      const { input, last, long } = await situation(playbook, 'excessive');
      stack.simulator.fault(instead(last, long));
      const { status, output } = await stack.execute(playbook, input);
      expect(status).toBe('SUCCEEDED');
      expect(output.error.name).toBe('States.DataLimitExceeded');
    },
    SCENARIO_MS,
  );
});

test(
  'all wait until the day after, and the day after that',
  async () => {
    const ends = await Promise.all(
      playbooks.map(async (playbook) => {
        const { input, asked } = await situation(playbook, 'tomorrow');
        for (const seconds of spentDay) stack.simulator.fault(refusals.quota(asked, 1, seconds));
        return stack.execute(playbook, input);
      }),
    );
    for (const { output, states } of ends) {
      expect(output.error).toBeUndefined();
      const waits = states.filter((state) => state.endsWith('Wait for quota'));
      expect(waits.length).toBeGreaterThanOrEqual(2);
    }
  },
  SCENARIO_MS,
);

test(
  'all end with the quota error when the next try would come after their end',
  async () => {
    const ends = await Promise.all(
      playbooks.map(async (playbook) => {
        const { input } = await situation(playbook, 'spent');
        const fault = { kind: 'queued', times: QUEUED_CALLS } as const;
        stack.lambdaFaults.add({ ...fault, of: playbook, with: JSON.stringify(input) });
        return stack.execute(playbook, input);
      }),
    );
    for (const { output, states } of ends) {
      const message = expect.stringMatching(
        / The next try, at \S+, is too late for the execution, .* retryAfterSeconds=259200$/,
      );
      expect(output).toEqual({ error: { name: 'QuotaExceededError', message } });
      const waits = states.filter((state) => state.endsWith('Wait for quota'));
      expect(waits).toHaveLength(QUEUED_CALLS - 1);
    }
  },
  SCENARIO_MS,
);

describe('a lookup that meets a closed door', () => {
  const ip = '203.0.113.7';
  const DAY_MS = 86_400_000;
  const closeFor = (days: number) => stack.closeQuota(stack.clock.now() + days * DAY_MS);

  beforeAll(async () => {
    // It begins the account.
    await stack.execute('IpReputation', { ip });
  }, SCENARIO_MS);
  afterAll(() => stack.forgetQuota());

  it(
    'ends at once if the wait would be longer than 60 days, and says when it is shorter',
    async () => {
      await closeFor(100);
      const { status, output, states } = await stack.execute('IpReputation', { ip });
      expect(status).toBe('SUCCEEDED');
      const { name, message } = output.error;
      expect(name).toBe('QuotaExceededError');
      const [, shorterAt = ''] =
        /is longer than 60 days; it is shorter from about (\S+)\. /.exec(message) ?? [];
      expect((Date.parse(shorterAt) - stack.clock.now()) / DAY_MS).toBeCloseTo(40, 0);
      expect(states).not.toContain('IpReputation: Wait for quota');
    },
    SCENARIO_MS,
  );

  it(
    'waits for 59 days, three at a time',
    async () => {
      await closeFor(59);
      const begun = stack.clock.now();
      const { output, states } = await stack.execute('IpReputation', { ip });
      expect(output).toMatchObject({ response_code: 1 });
      expect((stack.clock.now() - begun) / DAY_MS).toBeCloseTo(59, 0);
      const waits = states.filter((state) => state === 'IpReputation: Wait for quota');
      expect(waits.length).toBeGreaterThanOrEqual(20);
      expect(waits.length).toBeLessThan(25);
    },
    SCENARIO_MS,
  );

  it(
    'that never opens ends when the next try would come after the end of the execution',
    async () => {
      await closeFor(50);
      const execution = stack.execute('IpReputation', { ip });
      const closing = setInterval(() => void closeFor(50), 20);
      const { status, output } = await execution.finally(() => clearInterval(closing));
      expect(status).toBe('SUCCEEDED');
      expect(output.error).toEqual({
        name: 'QuotaExceededError',
        message: expect.stringMatching(
          /Its turn is at about .* is too late for the execution, which ends at \S+\. retryAfterSeconds=259200$/,
        ),
      });
    },
    SCENARIO_MS,
  );
});

test('every fault was met', () => {
  expect(stack.lambdaFaults.unused).toEqual([]);
});

/** Branches of `SubmitFile` for upload events, which submit-file-event.test.ts takes. */
const ofEvents =
  /^(?:SubmitFile for event.*|Upload event\?: rule 0.*|In progress\?.*|Not submitted|Wait for concurrent submission)$/;

test.each(playbooks)('%s has no branch that was not taken', (playbook) => {
  expect(stack.uncovered(playbook).filter((branch) => !ofEvents.test(branch))).toEqual([]);
});
