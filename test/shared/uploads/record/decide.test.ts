import { expect, it } from 'vitest';
import { decide, stageOf } from '../../../../shared/uploads/record/decide.ts';
import { reportOf, requestOf } from './harness.ts';

const context = {
  id: 'id',
  object: { bucket: 'b', key: 'k', versionId: 'v', etag: 'e', size: 1, sequencer: '01' },
  report: null,
  now: 1_700_000_000_000,
};

it('keeps the first five reasons and the first fifty engines', () => {
  const { verdict } = reportOf('malicious');
  const reasons = Array.from({ length: 6 }, (_, index) => `Reason ${index}.`);
  const engines = Array.from({ length: 51 }, (_, index) => ({
    engine: `Engine ${index}`,
    category: 'malicious' as const,
    label: null,
  }));
  const report = reportOf('malicious', { verdict: { ...verdict, reasons, engines } });
  const decision = decide(requestOf({ report }), context);
  expect(decision.verdict.reasons).toEqual(reasons.slice(0, 5));
  expect(decision.verdict.engines).toEqual(engines.slice(0, 50));
});

it.each([
  ['ObjectAccessDeniedError', 'provisional'],
  ['ObjectNotFoundError', 'final'],
  ['ObjectTooLargeError', 'final'],
  [null, 'final'],
])('a skip with the error %s is %s', (name, stage) => {
  const error = name === null ? null : { name, message: 'why' };
  const skipped = requestOf({ outcome: 'skipped', reason: 'why', report: null, error });
  expect(stageOf(skipped)).toBe(stage);
});

it('a scan that failed without access is provisional, and a report is final whatever its error', () => {
  const error = { name: 'ObjectAccessDeniedError', message: 'why' };
  expect(stageOf(requestOf({ outcome: 'failed', report: null, error }))).toBe('provisional');
  expect(stageOf(requestOf({ report: reportOf('malicious'), error }))).toBe('final');
});
