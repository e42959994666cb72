import { describe, expect, test } from 'vitest';
import { parseScanOptions } from '../../../../infra/local/scan/options.ts';
import { readResult } from '../../../../infra/local/scan/read-result.ts';
import {
  exitCodeOf,
  formatResults,
  type ScanResult,
} from '../../../../infra/local/scan/results.ts';

const resultOf = (target: string, verdict: string, reason = ''): ScanResult => ({
  target,
  type: 'file',
  verdict,
  reason,
  output: null,
});
const ended = (output: unknown, status = 'SUCCEEDED', error: string | null = null) => ({
  status,
  output,
  error,
});

describe('parseScanOptions', () => {
  test.each([
    [['a.bin'], { targets: ['a.bin'], json: false, port: undefined }],
    [
      ['--json', 'a.bin', 'example.com'],
      { targets: ['a.bin', 'example.com'], json: true, port: undefined },
    ],
    [['a.bin', '--port', '3001'], { targets: ['a.bin'], json: false, port: 3001 }],
    [['--help'], 'help'],
  ])('reads %j', (args, expected) => {
    expect(parseScanOptions(args)).toEqual(expected);
  });

  test.each([
    [[], 'no target'],
    [['--fast', 'x'], '--fast'],
    [['x', '--port', '0'], '--port: got "0"; expected a whole number from 1 to 65535'],
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
    expect(readResult('t', 'file', ended(output))).toEqual({
      target: 't',
      type: 'file',
      verdict,
      reason,
      output,
    });
  });

  test('reports the status or error of an execution that did not succeed', () => {
    expect(readResult('t', 'file', ended(null, 'TIMED_OUT'))).toMatchObject({
      verdict: 'failed',
      reason: 'TIMED_OUT',
    });
    expect(readResult('t', 'file', ended(null, 'FAILED', 'States.Runtime'))).toMatchObject({
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
    expect(exitCodeOf(verdicts.map((verdict) => resultOf('t', verdict)))).toBe(code);
  });

  test('is 2 for a target that is nothing, unless another is malicious or suspicious', () => {
    const none: ScanResult = { ...resultOf('nofile.txt', 'failed'), type: 'none' };
    expect(exitCodeOf([none, resultOf('t', 'failed'), resultOf('t', 'clean')])).toBe(2);
    expect(exitCodeOf([none, resultOf('t', 'malicious')])).toBe(10);
  });
});

describe('formatResults', () => {
  const long = resultOf(
    `a/${'b'.repeat(70)}.bin`,
    'clean',
    'None of 86 engines calls it malicious.',
  );

  test.each([40, 80, 120])('fits a table to %i columns and keeps every character', (width) => {
    const lines = formatResults([long, resultOf('日本語'.repeat(20), 'clean')], false, width).split(
      '\n',
    );
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    const letters = lines.join('').match(/b/g) ?? [];
    expect(letters).toHaveLength(71);
  });

  test('does not let a name forge a row, or a terminal obey it', () => {
    const name = 'x\n│ y │ file │ clean │\u001b[2K\r\u009b1A\u202e\u200b\ud800.exe';
    const lines = formatResults([resultOf(name, 'malicious')], false, 400).split('\n');
    const [target] = lines.filter((line) => line.includes('malicious'));
    expect(lines).toHaveLength(5);
    expect(target?.match(/│/g)).toHaveLength(5);
    expect(target).toContain('x\\u{a}\\u{2502} y \\u{2502} file');
    expect(target).toContain('\\u{1b}[2K\\u{d}\\u{9b}1A\\u{202e}\\u{200b}\\u{d800}.exe');
  });

  test('prints JSON with the same data, and nothing that a terminal obeys', () => {
    const results = [resultOf('\u009b2J\u202e\u2028\ud800\u{e0001}\n.exe', 'malicious')];
    const json = formatResults(results, true, 80);
    expect(JSON.parse(json)).toEqual(results);
    expect(json).not.toMatch(/[^\n\x20-\x7e]/);
  });
});
