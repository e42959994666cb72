import { expect, it } from 'vitest';
import { decide } from '../../../../shared/uploads/record/decide.ts';
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
