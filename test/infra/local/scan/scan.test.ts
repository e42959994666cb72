import { describe, expect, test } from 'vitest';
import { parseScanOptions } from '../../../../infra/local/scan/options.ts';
import { readResult } from '../../../../infra/local/scan/read-result.ts';
import { exitCodeOf } from '../../../../infra/local/scan/results.ts';

const ended = (output: unknown, status = 'SUCCEEDED', error: string | null = null) => ({
  status,
  output,
  error,
});

describe('parseScanOptions', () => {
  test.each([
    [['a.bin'], { targets: ['a.bin'], json: false }],
    [['--json', 'a.bin', 'example.com'], { targets: ['a.bin', 'example.com'], json: true }],
    [['--help'], 'help'],
  ])('reads %j', (args, expected) => {
    expect(parseScanOptions(args)).toEqual(expected);
  });

  test.each([
    [[], 'no target'],
    [['--fast', 'x'], '--fast'],
  ])('refuses %j', (args, message) => {
    expect(() => parseScanOptions(args)).toThrow(message);
  });
});

describe('readResult', () => {
  const record = {
    outcome: 'reported',
    verdict: 'clean',
    reason: null,
    reasons: ['none of 70'],
    scan_id: 's',
    error: null,
  };
  const fault = { name: 'QuotaExceededError', message: 'used up retryAfterSeconds=60' };

  test.each([
    ['a recorded upload', record, 'clean', 'none of 70'],
    ['an upload without reasons', { ...record, reasons: [] }, 'clean', 'reported'],
    [
      'a skipped upload',
      { ...record, outcome: 'skipped', verdict: 'skipped', reason: 'it is empty' },
      'skipped',
      'it is empty',
    ],
    [
      'a failed upload',
      { ...record, outcome: 'failed', verdict: 'unknown', reasons: [], error: fault },
      'unknown',
      'QuotaExceededError: used up retryAfterSeconds=60',
    ],
    ['a report', { verdict: { value: 'malicious', reasons: ['a', 'b'] } }, 'malicious', 'a b'],
    ['an error', { error: fault }, 'failed', 'QuotaExceededError: used up retryAfterSeconds=60'],
    [
      'an enriched indicator',
      { results: [{ indicator: 'x', result: { verdict: 'unknown', reasons: ['not known'] } }] },
      'unknown',
      'not known',
    ],
    [
      'an indicator with an error',
      { results: [{ indicator: 'x', error: fault }] },
      'failed',
      'QuotaExceededError: used up retryAfterSeconds=60',
    ],
    ['an unexpected output', { other: 1 }, 'failed', 'the playbook returned an unexpected output'],
  ])('reads %s', (_name, output, verdict, reason) => {
    expect(readResult('t', ended(output))).toEqual({ target: 't', verdict, reason, output });
  });

  test('reports the status or error of an execution that did not succeed', () => {
    expect(readResult('t', ended(null, 'TIMED_OUT'))).toMatchObject({
      verdict: 'failed',
      reason: 'TIMED_OUT',
    });
    expect(readResult('t', ended(null, 'FAILED', 'States.Runtime'))).toMatchObject({
      reason: 'States.Runtime',
    });
  });
});

describe('exitCodeOf', () => {
  test.each([
    [['clean', 'clean'], 0],
    [['clean', 'unknown'], 12],
    [['pending'], 12],
    [['skipped', 'failed'], 1],
    [['failed', 'suspicious'], 11],
    [['suspicious', 'malicious', 'clean'], 10],
    [[], 0],
  ])('of %j is %i', (verdicts, code) => {
    const results = verdicts.map((verdict) => ({ target: 't', verdict, reason: '', output: null }));
    expect(exitCodeOf(results)).toBe(code);
  });
});
