import type { Workflow } from '@local/cloud/step-functions';
import { MAX_HISTORY_EVENTS } from '@local/cloud/step-functions';
import { namedError, type StubFunction } from '@local/cloud/testing';
import { beforeAll, expect, it } from 'vitest';
import { classifyList } from '../../../shared/enrichment/classify-list.ts';
import { compactReport } from '../../../shared/enrichment/compact-report.ts';
import { enrichmentRequest, keepReportRequest } from '../../../shared/enrichment/schema.ts';
import { definitions, play } from '../../support/playbooks.ts';

let machine: Workflow | undefined;

beforeAll(() => {
  machine = definitions().get('EnrichIndicators');
}, 90_000);

const report = { response_code: 1, verdict: { value: 'clean', reasons: ['because'] } };

/** Plays, with what the deployed functions make of their input where they are pure. */
function run(input: unknown, functions: Readonly<Record<string, StubFunction>> = {}) {
  return play(machine, input, {
    ClassifyIndicators: (request) => {
      const parsed = enrichmentRequest.safeParse(request);
      if (!parsed.success) throw namedError('InvalidInputError', 'indicators: got nothing');
      return classifyList(parsed.data.indicators, parsed.data);
    },
    KeepReport: (request) => {
      const { execution, index, type, report: whole } = keepReportRequest.parse(request);
      return { ...compactReport(whole), full_report: `${execution}/${index}-${type}` };
    },
    FileReputation: () => report,
    IpReputation: () => report,
    DomainReputation: () => report,
    UrlReputation: () => report,
    ...functions,
  });
}

const mixed = [
  '44d88612fea8a8f36de82e1278abb02f',
  '203[.]0[.]113[.]7',
  'example[.]com',
  'hxxps://example[.]com/a',
  'no indicator',
];

it('looks each up by its type, in short, with the address of the whole report', async () => {
  const { output, invoker } = await run({ indicators: mixed });
  const found = (index: number, type: string) => ({
    indicator: mixed[index],
    type,
    result: {
      response_code: 1,
      verdict: 'clean',
      reasons: ['because'],
      full_report: `one/${index}-${type}`,
    },
  });
  expect(output).toEqual({
    results: [
      found(0, 'hash'),
      found(1, 'ip'),
      found(2, 'domain'),
      found(3, 'url'),
      {
        indicator: 'no indicator',
        type: 'none',
        error: { name: 'InvalidInputError', message: expect.stringContaining('white space') },
      },
    ],
    truncated: [],
  });
  expect(invoker.inputsOf('FileReputation')).toEqual([{ hash: mixed[0], cache: 'use' }]);
  expect(invoker.inputsOf('IpReputation')).toEqual([
    { ip: mixed[1], details: 'summary', cache: 'use' },
  ]);
  expect(invoker.inputsOf('DomainReputation')).toEqual([
    { domain: mixed[2], details: 'summary', cache: 'use' },
  ]);
  expect(invoker.inputsOf('UrlReputation')).toEqual([{ url: mixed[3], cache: 'use' }]);
});

it('passes on details and cache as they are asked for', async () => {
  const wanted = { details: 'full', cache: 'bypass' };
  const { invoker } = await run({ indicators: ['203.0.113.7'], ...wanted });
  expect(invoker.inputsOf('IpReputation')).toEqual([{ ip: '203.0.113.7', ...wanted }]);
});

it.each(['FileReputation', 'IpReputation', 'DomainReputation', 'UrlReputation', 'KeepReport'])(
  'names the error of %s, and goes on with the others',
  async (name) => {
    const { output, execution } = await run(
      { indicators: mixed.slice(0, 4) },
      {
        [name]: () => {
          throw namedError('UpstreamError', 'no sense');
        },
      },
    );
    expect(execution.status).toBe('SUCCEEDED');
    const failed = output.results.filter((one: object) => 'error' in one);
    expect(failed).toHaveLength(name === 'KeepReport' ? 4 : 1);
    expect(failed[0].error).toEqual({ name: 'UpstreamError', message: 'no sense' });
  },
);

it('names the error of a report that is too large', async () => {
  const { output } = await run(
    { indicators: ['example.com', 'example.org'] },
    { DomainReputation: (_, before) => (before === 0 ? 'x'.repeat(300_000) : report) },
  );
  expect(output.results).toMatchObject([
    { error: { name: 'States.DataLimitExceeded' } },
    { result: { verdict: 'clean' } },
  ]);
});

it('ends with the error of an input that is none', async () => {
  const { output } = await run({ indicator: 'example.com' });
  expect(output).toEqual({
    error: { name: 'InvalidInputError', message: 'indicators: got nothing' },
  });
});

it('looks up forty at a time, the most of an inline Map', async () => {
  let running = 0;
  let most = 0;
  await run(
    { indicators: Array.from({ length: 60 }, (_, index) => `a${index}.example.com`) },
    {
      DomainReputation: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
        return report;
      },
    },
  );
  expect(most).toBe(40);
});

it.each([
  [100, 9],
  [50, 21],
  [10, 119],
])(
  'of %i items, each waits for the quota %i times at most, and the history has room',
  async (items, most) => {
    const indicators = Array.from({ length: items }, (_, index) => `a${index}.example.com`);
    const calls = new Map<string, number>();
    const { events, output } = await run(
      { indicators },
      {
        DomainReputation: ({ domain }) => {
          const before = calls.get(domain) ?? 0;
          calls.set(domain, before + 1);
          // The first gets its report after the last wait.
          if (before < most || domain !== 'a0.example.com') {
            throw namedError('QuotaExceededError', 'used up. retryAfterSeconds=60');
          }
          return report;
        },
      },
    );
    const [first, ...others] = output.results;
    expect(first).toMatchObject({ result: { verdict: 'clean' } });
    expect(new Set(others.map(({ error }: { error: { name: string } }) => error.name))).toEqual(
      new Set(['QuotaExceededError']),
    );
    expect(new Set(calls.values())).toEqual(new Set([most + 1]));
    expect(events).toBeLessThan(MAX_HISTORY_EVENTS);
  },
  60_000,
);

it('keeps the output under 200 KiB, with a hundred long indicators and reports', async () => {
  const long = '漢'.repeat(1000);
  const { output } = await run(
    {
      indicators: Array.from(
        { length: 100 },
        (_, index) => `https://example.com/${'a'.repeat(380)}${index}`,
      ),
    },
    {
      UrlReputation: () => ({
        ...report,
        permalink: long,
        threat_label: long,
        type_description: long,
        as_owner: long,
        verdict: { value: 'clean', reasons: [long, long] },
      }),
      // As long as the names of a bucket and an execution can make it.
      KeepReport: ({ report: whole }) => ({
        ...compactReport(whole),
        full_report: 'x'.repeat(180),
      }),
    },
  );
  expect(output.results.length).toBeGreaterThan(90);
  expect(Buffer.byteLength(JSON.stringify(output))).toBeLessThan(200 * 1024);
}, 60_000);

it('takes a list that is nearly as long as an input can be, and cuts it', async () => {
  const indicators = Array.from(
    { length: 100 },
    (_, index) => `https://example.com/${String(index).padStart(1880, 'a')}`,
  );
  const long = 'x'.repeat(1000);
  const { execution, output } = await run(
    { indicators },
    {
      UrlReputation: () => ({
        ...report,
        permalink: long,
        verdict: { value: 'clean', reasons: [long, long] },
      }),
    },
  );
  expect(execution).toMatchObject({ status: 'SUCCEEDED', error: null });
  expect(output.results).toHaveLength(21);
  expect(output.results[20].indicator).toBe(indicators[20]);
  expect(output.truncated).toEqual(['indicators']);
}, 60_000);

it('ends with the error of an input that is none, and as long as one can be', async () => {
  const { output } = await run('x'.repeat(256 * 1024 - 2));
  expect(output).toMatchObject({ error: { name: 'InvalidInputError' } });
});

it('says that a list was cut', async () => {
  const indicators = Array.from({ length: 101 }, () => 'example.com');
  const { output } = await run({ indicators });
  expect(output.results).toHaveLength(100);
  expect(output.truncated).toEqual(['indicators']);
}, 60_000);
