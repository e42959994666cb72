/** `EnrichIndicators` through every branch: from the synthesised definition, with the deployed bundles. */

import { MAX_DATA_BYTES } from '@local/cloud/step-functions';
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

const EICAR_MD5 = '44d88612fea8a8f36de82e1278abb02f';

let stack: PlaybookStack;

beforeAll(async () => {
  stack = await startPlaybookStack();
}, STARTUP_MS);
afterAll(() => stack?.close());

/** Branches to which no situation leads, each with its reason. */
const unreachable = {
  // It gives at most 40 KiB of indicators, and a sentence on each.
  'ClassifyIndicators: Catch 1 (States.DataLimitExceeded)': true,
};

it(
  'gives each of a mixed list a result or a named error',
  async () => {
    const indicators = [
      EICAR_MD5,
      '203[.]0[.]113[.]8',
      'example.com',
      'hxxp://malware.example.com/',
      '..',
      42,
      '10.0.0.1',
      'unknown.example.org',
    ];
    const { status, output } = await stack.execute('EnrichIndicators', { indicators });
    expect(status).toBe('SUCCEEDED');
    expect(output.truncated).toEqual([]);
    expect(output.results).toMatchObject([
      { indicator: EICAR_MD5, type: 'hash', result: { verdict: 'malicious' } },
      { type: 'ip', result: { verdict: 'suspicious' } },
      { type: 'domain', result: { verdict: 'clean' } },
      { type: 'url', result: { verdict: 'malicious' } },
      { indicator: '..', type: 'none', error: { name: 'InvalidInputError' } },
      { indicator: '42', type: 'none', error: { name: 'InvalidInputError' } },
      { type: 'ip', result: { verdict: 'skipped' } },
      { type: 'domain', result: { verdict: 'unknown' } },
    ]);
  },
  SCENARIO_MS,
);

it(
  'ends with nothing for an empty list',
  async () => {
    const { output } = await stack.execute('EnrichIndicators', { indicators: [] });
    expect(output).toEqual({ results: [], truncated: [] });
  },
  SCENARIO_MS,
);

/** What is looked up, and what VirusTotal is asked then. */
interface Kind {
  readonly function: string;
  /** An indicator that no other test meets. */
  readonly of: (name: Name) => string;
  readonly path: (indicator: string) => string;
  readonly long: (indicator: string) => unknown;
}

const situations = ['patient', 'spent', 'refused', 'crashed', 'excessive', 'tomorrow'] as const;
type Name = (typeof situations)[number];

const kinds: readonly Kind[] = [
  {
    function: 'FileReputation',
    of: (name) => sha256Of(name),
    path: (hash) => `/files/${hash}`,
    long: longAnswers.file,
  },
  {
    function: 'IpReputation',
    of: (name) => `198.51.100.${100 + situations.indexOf(name)}`,
    path: (ip) => `/ip_addresses/${ip}`,
    long: longAnswers.ip,
  },
  {
    function: 'DomainReputation',
    of: (name) => `${name}.example.net`,
    path: (domain) => `/domains/${domain}`,
    long: longAnswers.domain,
  },
  {
    function: 'UrlReputation',
    of: (name) => `https://${name}.example.com/`,
    path: (url) => `/urls/${Buffer.from(url).toString('base64url')}`,
    long: longAnswers.url,
  },
];

/** Puts it in the way of each kind's indicator of that name. */
const obstacles: Readonly<Record<Name, (kind: Kind, indicator: string) => void>> = {
  patient(kind, indicator) {
    stack.lambdaFaults.add({ kind: 'throttled', of: kind.function, with: indicator });
    stack.simulator.fault(refusals.unavailable(at('GET', kind.path(indicator))));
    stack.simulator.fault(refusals.quota(at('GET', kind.path(indicator)), 2));
  },
  spent(kind, indicator) {
    const fault = { kind: 'queued', times: QUEUED_CALLS } as const;
    stack.lambdaFaults.add({ ...fault, of: kind.function, with: indicator });
  },
  refused(kind, indicator) {
    stack.simulator.fault(refusals.forbidden(at('GET', kind.path(indicator))));
  },
  crashed(kind, indicator) {
    stack.lambdaFaults.add({ kind: 'crashed', of: kind.function, with: indicator });
  },
  tomorrow(kind, indicator) {
    for (const seconds of spentDay) {
      stack.simulator.fault(refusals.quota(at('GET', kind.path(indicator)), 1, seconds));
    }
  },
  excessive(kind, indicator) {
    stack.simulator.fault(instead(at('GET', kind.path(indicator)), kind.long(indicator)));
  },
};

const ends: Readonly<Record<Name, object>> = {
  patient: { result: { verdict: expect.stringMatching(/^(?:clean|unknown)$/) } },
  spent: { error: { name: 'QuotaExceededError' } },
  refused: { error: { name: 'ForbiddenByVirusTotalError' } },
  crashed: { error: { name: 'Runtime.ExitError' } },
  excessive: { error: { name: 'States.DataLimitExceeded' } },
  tomorrow: { result: { verdict: expect.stringMatching(/^(?:clean|unknown)$/) } },
};

it(
  'names the error of each of many, whatever refuses it, and gives the others their results',
  async () => {
    const cases = situations.flatMap((name) =>
      kinds.map((kind) => ({ name, kind, indicator: kind.of(name) })),
    );
    for (const { name, kind, indicator } of cases) obstacles[name](kind, indicator);
    const indicators = cases.map(({ indicator }) => indicator);
    const { status, output } = await stack.execute('EnrichIndicators', { indicators });
    expect(status).toBe('SUCCEEDED');
    expect(output.results).toMatchObject(
      cases.map(({ name, indicator }) => ({ indicator, ...ends[name] })),
    );
  },
  SCENARIO_MS,
);

describe('the list', () => {
  it.each([{ indicator: 'example.com' }, { indicators: 'example.com' }, []])(
    'that is none ends with the name of the error: %j',
    async (input) => {
      const { status, output } = await stack.execute('EnrichIndicators', input);
      expect(status).toBe('SUCCEEDED');
      expect(output).toEqual({ error: { name: 'InvalidInputError', message: expect.any(String) } });
    },
    SCENARIO_MS,
  );

  it(
    'is looked at again when Lambda has no place, and when it was slow',
    async () => {
      const fault = { of: 'ClassifyIndicators', with: 'again.example.com' };
      stack.lambdaFaults.add({ ...fault, kind: 'throttled' }, { ...fault, kind: 'late' });
      const input = { indicators: ['again.example.com'] };
      const { output } = await stack.execute('EnrichIndicators', input);
      expect(output.results).toMatchObject([{ type: 'domain', result: { verdict: 'clean' } }]);
    },
    SCENARIO_MS,
  );

  it(
    'ends with what Lambda says when the function crashes',
    async () => {
      const domain = 'crashes.example.com';
      stack.lambdaFaults.add({ kind: 'crashed', of: 'ClassifyIndicators', with: domain });
      const { output } = await stack.execute('EnrichIndicators', { indicators: [domain] });
      expect(output).toMatchObject({ error: { name: 'Runtime.ExitError' } });
    },
    SCENARIO_MS,
  );
});

describe('a report', () => {
  const one = { indicators: ['203.0.113.7'] };

  it(
    'is kept after Lambda was throttled',
    async () => {
      stack.lambdaFaults.add({ kind: 'throttled', of: 'KeepReport', with: 'throttled-keep' });
      const { output } = await stack.execute('EnrichIndicators', one, 'throttled-keep');
      const full_report = expect.stringContaining('/enrichments/throttled-keep/000-ip.json');
      expect(output.results).toMatchObject([{ result: { verdict: 'malicious', full_report } }]);
    },
    SCENARIO_MS,
  );

  it(
    'that S3 will not take is an error, after more tries',
    async () => {
      stack.s3Gate.fault('/enrichments/busy-bucket/', { status: 503, code: 'SlowDown' });
      stack.s3Gate.fault('/enrichments/denied/', { status: 403, code: 'AccessDenied' });
      const busy = await stack.execute('EnrichIndicators', one, 'busy-bucket');
      expect(busy.output.results).toMatchObject([{ error: { name: 'UpstreamUnavailableError' } }]);
      const denied = await stack.execute('EnrichIndicators', one, 'denied');
      expect(denied.output.results).toMatchObject([{ error: { name: 'ObjectAccessDeniedError' } }]);
    },
    SCENARIO_MS,
  );

  it(
    'is an error when the function that keeps it crashes',
    async () => {
      stack.lambdaFaults.add({ kind: 'crashed', of: 'KeepReport', with: 'crashed-keep' });
      const { output } = await stack.execute('EnrichIndicators', one, 'crashed-keep');
      expect(output.results).toMatchObject([{ error: { name: 'Runtime.ExitError' } }]);
    },
    SCENARIO_MS,
  );

  /** Has VirusTotal know a domain so that the report has this length. */
  async function knowAtLength(domain: string, bytes: number) {
    const know = (whois: string) => {
      const data = { type: 'domain', id: domain, attributes: { whois } };
      stack.simulator.fault(instead(at('GET', `/domains/${domain}`), { data }));
    };
    know('x');
    const short = await stack.execute('DomainReputation', { domain, details: 'summary' });
    know('x'.repeat(1 + bytes - JSON.stringify(short.output).length));
  }

  it.each([2000, 1000, 300])(
    'that leaves only %i bytes of room is still a result',
    async (room) => {
      const domain = `room${room}.example.com`;
      await knowAtLength(domain, MAX_DATA_BYTES - room);
      const input = { indicators: [domain, 'example.com'] };
      const name = `room-${room}`;
      const { status, output } = await stack.execute('EnrichIndicators', input, name);
      expect(status).toBe('SUCCEEDED');
      const full_report = expect.stringContaining(`/enrichments/${name}/000-domain.json`);
      expect(output.results).toMatchObject([
        { indicator: domain, result: { full_report } },
        { result: { verdict: 'clean' } },
      ]);
    },
    SCENARIO_MS,
  );

  it.each([503, 403])(
    'that leaves no room for more is an error when S3 refuses it: %i',
    async (status) => {
      const domain = `refused${status}.example.com`;
      await knowAtLength(domain, MAX_DATA_BYTES - 300);
      const name = `no-room-${status}`;
      stack.s3Gate.fault(`/enrichments/${name}/`, { status, code: 'Refused' });
      const input = { indicators: [domain, 'example.com'] };
      const { output } = await stack.execute('EnrichIndicators', input, name);
      expect(output.results).toMatchObject([
        { error: { message: expect.stringContaining('could not write the report') } },
        { error: { message: expect.stringContaining('could not write the report') } },
      ]);
    },
    SCENARIO_MS,
  );

  it(
    'that with the name of the execution is too long to be kept is an error',
    async () => {
      const domain = 'a.io';
      const name = 'n'.repeat(80);
      const around = JSON.stringify({ execution: name, index: 0, type: 'domain', report: 0 });
      await knowAtLength(domain, MAX_DATA_BYTES + 1 - (around.length - 1));
      const input = { indicators: [domain, 'example.com'] };
      const { output } = await stack.execute('EnrichIndicators', input, name);
      expect(output.results).toMatchObject([
        { error: { name: 'States.DataLimitExceeded' } },
        { result: { verdict: 'clean' } },
      ]);
    },
    SCENARIO_MS,
  );
});

it('has no branch that was not taken', () => {
  expect(stack.lambdaFaults.unused).toEqual([]);
  expect(stack.uncovered('EnrichIndicators')).toEqual(Object.keys(unreachable));
});
