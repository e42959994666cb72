import { describe, expect, it } from 'vitest';
import type { IndicatorType } from '../../../shared/indicators/indicator-type.ts';
import type { VerdictPolicyInput } from '../../../shared/verdict/policy-schema.ts';
import { categories, counted, opinions, verdictOn } from './harness.ts';

const noRules = { trust: [], ignore: [], veto: [] };
const noRatio = { malicious: null, suspicious: null, total: null, percentage: null };

describe('the whole verdict', () => {
  it('on a finished report', () => {
    const results = opinions({ ...categories(0, 0, 68), Alpha: 'malicious', Beta: 'suspicious' });
    expect(verdictOn(results)).toEqual({
      value: 'suspicious',
      reasons: ['2 of 70 engines call it malicious or suspicious; the policy requires 1.'],
      engines: [
        { engine: 'Alpha', category: 'malicious', label: 'Alpha label' },
        { engine: 'Beta', category: 'suspicious', label: 'Beta label' },
      ],
      ratio: { malicious: 1, suspicious: 1, total: 70, percentage: 1 },
      report_age: 86_400,
      permalink: 'https://www.virustotal.com/gui/file/x',
      allowed_because: null,
      policy: {
        name: 'balanced',
        malicious: { count: 3, percent: null },
        suspicious: { count: 1, percent: null },
        ...noRules,
      },
    });
  });

  it.each([
    [
      'unknown',
      undefined,
      { response_code: 0, scan_date: null, permalink: null },
      'VirusTotal has no report on it, which does not mean that it is clean.',
    ],
    [
      'pending',
      { results: counted(0, 0, 70) },
      { response_code: -2, scan_date: null, permalink: null },
      'VirusTotal is still analysing it.',
    ],
    [
      'skipped',
      'not-sent',
      {
        response_code: 0,
        verbose_msg: 'Not sent to VirusTotal: why',
        scan_date: null,
        permalink: null,
      },
      'Not sent to VirusTotal: why.',
    ],
  ] as const)('%s, without a report', (value, evidence, report, reason) => {
    expect(verdictOn(evidence, { report })).toMatchObject({
      value,
      reasons: [reason],
      engines: [],
      ratio: noRatio,
      report_age: null,
      permalink: null,
    });
  });
});

describe('results without a date of analysis', () => {
  const of = (type: IndicatorType) =>
    verdictOn(counted(50, 0, 70), { type, report: { scan_date: null } });

  it.each(['file', 'url'] as const)('make the verdict on a %s unknown', (type) => {
    expect(of(type)).toMatchObject({
      value: 'unknown',
      reasons: ['The report does not say when it was analysed, so its results may be of any age.'],
      ratio: { malicious: 50, total: 70 },
      report_age: null,
    });
  });

  it.each(['ip', 'domain'] as const)('count for an %s, which may never have one', (type) => {
    expect(of(type).value).toBe('malicious');
  });
});

describe('without a finished report, under every preset', () => {
  it.each(['balanced', 'aggregate', 'strict', 'conservative'])('%s says nothing else', (policy) => {
    const of = (results: Parameters<typeof verdictOn>[0], response_code: 0 | -2) =>
      verdictOn(results, { policy, report: { response_code } }).value;
    expect(of(undefined, 0)).toBe('unknown');
    expect(of({ results: counted(70, 0, 70) }, -2)).toBe('pending');
    expect(of({ results: counted(0, 0, 70) }, -2)).toBe('pending');
    expect(of('not-sent', 0)).toBe('skipped');
  });
});

describe('the age of the report', () => {
  it.each([
    ['2026-02-28 23:59:59', 1],
    ['2026-03-01 00:00:00', 0],
    ['2026-03-01 00:00:10', 0],
    ['2016-03-01 00:00:00', 315_532_800],
    [null, null],
  ])('%s: %s s', (scan_date, age) => {
    expect(verdictOn(counted(0, 0, 70), { report: { scan_date } }).report_age).toBe(age);
  });
});

describe('percentages', () => {
  const policy = { file: { malicious: { percent: 50 }, suspicious: { percent: 10, count: 4 } } };

  it.each([
    [5, 0, 10, 'malicious', ['50 % of 10 engines call it malicious; the policy requires 50 %.']],
    [
      4,
      0,
      10,
      'suspicious',
      [
        '4 of 10 engines call it malicious or suspicious; the policy requires 4.',
        '40 % of 10 engines call it malicious; the policy requires 10 %.',
      ],
    ],
    [1, 0, 10, 'suspicious', ['10 % of 10 engines call it malicious; the policy requires 10 %.']],
    [
      0,
      3,
      10,
      'clean',
      ['3 of 10 engines call it malicious or suspicious, which is below the threshold.'],
    ],
    [
      3,
      0,
      9,
      'unknown',
      [
        '9 opinions are too few: a percentage or a clean verdict needs 10.',
        '3 of 9 engines call it malicious or suspicious, which is below the threshold.',
      ],
    ],
    [
      9,
      0,
      9,
      'suspicious',
      ['9 of 9 engines call it malicious or suspicious; the policy requires 4.'],
    ],
  ])('%d malicious and %d suspicious of %d: %s', (malicious, suspicious, total, value, reasons) => {
    expect(verdictOn(counted(malicious, suspicious, total), { policy })).toMatchObject({
      value,
      reasons,
    });
  });

  it('are null below 10 opinions', () => {
    expect(verdictOn(counted(1, 0, 9)).ratio.percentage).toBeNull();
    expect(verdictOn(counted(1, 0, 10)).ratio.percentage).toBe(10);
  });
});

describe('reasons', () => {
  it.each([
    [0, 0, 70, ['None of 70 engines calls it malicious or suspicious.']],
    [1, 0, 70, ['1 of 70 engines calls it malicious or suspicious, which is below the threshold.']],
    [3, 1, 70, ['3 of 70 engines call it malicious; the policy requires 3.']],
    [0, 0, 1, ['1 opinion is too few: a percentage or a clean verdict needs 10.']],
    [0, 0, 0, ['The report has no opinion of an engine that counts.']],
  ])('of %d malicious and %d suspicious of %d', (malicious, suspicious, total, reasons) => {
    expect(verdictOn(counted(malicious, suspicious, total), { type: 'ip' }).reasons).toEqual(
      reasons,
    );
  });
});

describe('trust, ignore and veto', () => {
  const engines = {
    ...categories(0, 0, 20),
    Alpha: 'malicious',
    Beta: 'suspicious',
    Gamma: 'undetected',
  };
  const on = (
    file: Exclude<VerdictPolicyInput, string>['file'],
    more: Record<string, string> = {},
  ) => {
    const policy: VerdictPolicyInput = { preset: 'conservative', file };
    const { value, reasons, ratio } = verdictOn(opinions({ ...engines, ...more }), { policy });
    return { value, reasons, ratio };
  };

  it('trust: one engine that says malicious is enough, whatever the case of its name', () => {
    expect(on({ trust: ['ALPHA'] })).toMatchObject({
      value: 'malicious',
      reasons: ['Alpha, which the policy trusts, calls it malicious.'],
    });
  });

  it('trust: one engine that says suspicious makes it suspicious', () => {
    expect(on({ trust: ['Beta', 'Gamma'] })).toMatchObject({
      value: 'suspicious',
      reasons: ['Beta, which the policy trusts, calls it suspicious.'],
    });
  });

  it('trust: an engine that detects nothing clears nothing', () => {
    expect(on({ trust: ['Gamma'], malicious: { count: 1 } }).value).toBe('malicious');
    expect(on({ trust: ['Gamma'] }).value).toBe('clean');
  });

  it('trust needs no 10 opinions', () => {
    const policy: VerdictPolicyInput = { preset: 'conservative', file: { trust: ['M1'] } };
    expect(verdictOn(counted(1, 0, 1), { policy }).value).toBe('malicious');
  });

  it('ignore: the engine does not count, not even as an opinion', () => {
    expect(on({ ignore: ['alpha'], suspicious: { count: 1 } })).toMatchObject({
      value: 'suspicious',
      reasons: ['1 of 22 engines calls it malicious or suspicious; the policy requires 1.'],
      ratio: { malicious: 0, suspicious: 1, total: 22 },
    });
    const policy = { file: { ignore: ['U1'] } };
    expect(verdictOn(counted(0, 0, 10), { policy }).value).toBe('unknown');
  });

  it('ignore goes before trust and veto', () => {
    expect(on({ ignore: ['Alpha'], trust: ['Alpha'] }).value).toBe('clean');
    expect(on({ ignore: ['Gamma'], veto: ['Gamma'], malicious: { count: 1 } }).value).toBe(
      'malicious',
    );
  });

  it('veto: an engine that detects nothing prevents malicious by count', () => {
    expect(on({ veto: ['gamma', 'Alpha'], malicious: { count: 1 } })).toMatchObject({
      value: 'suspicious',
      reasons: [
        'It is at most suspicious, because engines with a veto do not detect it: Gamma.',
        '1 of 23 engines calls it malicious; the policy requires 1.',
      ],
    });
  });

  it.each([
    ['says malicious', { Gamma: 'malicious' }],
    ['says suspicious', { Gamma: 'suspicious' }],
    ['gave no opinion', { Gamma: 'timeout' }],
  ])('veto: one that %s has none', (_, more) => {
    expect(on({ veto: ['Gamma'], malicious: { count: 1 } }, more).value).toBe('malicious');
  });

  it('veto: each engine has its own', () => {
    const file = { veto: ['Gamma', 'Delta'], malicious: { count: 1 } };
    expect(on(file, { Delta: 'malicious' }).value).toBe('suspicious');
    expect(on(file, { Delta: 'malicious', Gamma: 'malicious' }).value).toBe('malicious');
  });

  it('veto makes nothing suspicious, nor clean', () => {
    expect(on({ veto: ['Gamma'] }).value).toBe('clean');
    expect(on({ veto: ['Gamma'], suspicious: { count: 2 } }).value).toBe('suspicious');
  });

  it('trust goes before veto', () => {
    expect(on({ veto: ['Gamma'], trust: ['Alpha'], malicious: { count: 1 } })).toMatchObject({
      value: 'malicious',
      reasons: [
        'Alpha, which the policy trusts, calls it malicious.',
        '1 of 23 engines calls it malicious; the policy requires 1.',
      ],
    });
  });

  it('are those of the type of the indicator alone', () => {
    const policy: VerdictPolicyInput = { preset: 'conservative', url: { trust: ['M1'] } };
    const results = counted(1, 0, 70);
    expect(verdictOn(results, { type: 'url', policy }).value).toBe('malicious');
    expect(verdictOn(results, { type: 'file', policy }).value).toBe('clean');
  });
});

describe('statistics without names', () => {
  const statistics = { opinions: [], positives: 3, suspicious: 1, total: 70 };

  it('are counted', () => {
    expect(verdictOn(statistics)).toMatchObject({
      value: 'malicious',
      reasons: ['3 of 70 engines call it malicious; the policy requires 3.'],
      engines: [],
      ratio: { malicious: 3, suspicious: 1, total: 70, percentage: 4 },
    });
  });

  it('and the verdict says that no rule for engines could be applied', () => {
    const policy = { file: { ignore: ['A'] } };
    expect(verdictOn(statistics, { policy }).reasons).toEqual([
      '3 of 70 engines call it malicious; the policy requires 3.',
      'The report counts opinions without naming engines, so trust, ignore and veto could not be applied.',
    ]);
  });
});

describe('a policy object', () => {
  it('uses the rules of its preset for what it leaves out', () => {
    const policy = { preset: 'strict', name: 'ours', url: { malicious: { percent: 20 } } } as const;
    expect(verdictOn(counted(0, 0, 70), { type: 'url', policy }).policy).toEqual({
      name: 'ours',
      malicious: { count: null, percent: 20 },
      suspicious: { count: 1, percent: null },
      ...noRules,
    });
    expect(verdictOn(counted(0, 0, 70), { type: 'ip', policy }).policy).toEqual({
      name: 'ours',
      malicious: { count: 1, percent: null },
      suspicious: { count: 1, percent: null },
      ...noRules,
    });
  });

  it('is balanced and called custom if it is empty', () => {
    expect(verdictOn(counted(0, 0, 70), { type: 'domain', policy: {} }).policy).toEqual({
      name: 'custom',
      malicious: { count: 3, percent: null },
      suspicious: { count: 2, percent: null },
      ...noRules,
    });
  });
});
