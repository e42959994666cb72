/** Properties of every verdict, for any opinions, policy and time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { IndicatorType } from '../../../shared/indicators/indicator-type.ts';
import type { VerdictPolicyInput } from '../../../shared/verdict/policy-schema.ts';
import { verdict as verdictSchema } from '../../../shared/verdict/verdict-schema.ts';
import { NOW, opinions, verdictOn } from './harness.ts';

const INDICATORS: Readonly<Record<IndicatorType, string>> = {
  file: '0c'.repeat(32),
  url: 'http://www.example.com/',
  ip: '192.0.2.1',
  domain: 'www.example.com',
};

const type = fc.constantFrom<IndicatorType[]>('file', 'url', 'ip', 'domain');
const engine = fc.constantFrom(...Array.from('ABCDEFGHIJKLMNOPQRST'), '__proto__', 'constructor');
const category = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('harmless', 'undetected') },
  { weight: 1, arbitrary: fc.constantFrom('malicious', 'suspicious', 'timeout') },
);
const engines = fc
  .uniqueArray(fc.tuple(engine, category), {
    selector: ([name]) => name,
    maxLength: 22,
    size: 'max',
  })
  .map((pairs): Record<string, string> => Object.fromEntries(pairs));

const names = fc.array(engine, { maxLength: 4 });
const threshold = fc.record(
  { count: fc.integer({ min: 1, max: 20 }), percent: fc.integer({ min: 1, max: 100 }) },
  { requiredKeys: ['count'] },
);
const percentOnly = fc.record({ percent: fc.integer({ min: 1, max: 100 }) });
const thresholds = fc.oneof(threshold, percentOnly);
const rules = fc.record(
  { malicious: thresholds, suspicious: thresholds, trust: names, ignore: names, veto: names },
  { requiredKeys: [] },
);
const expires = fc.constantFrom(0, NOW - 1, NOW, NOW + 1);
const entry = fc
  .tuple(
    fc.constantFrom(
      { digest: INDICATORS.file },
      { url: INDICATORS.url },
      { ip: INDICATORS.ip },
      { domain: 'example.com' },
    ),
    fc.record(
      { reason: fc.string({ minLength: 1, maxLength: 20 }), expires },
      { requiredKeys: ['reason'] },
    ),
  )
  .map(([indicator, rest]) => ({ ...indicator, ...rest }));
const preset = fc.constantFrom(
  'balanced' as const,
  'aggregate' as const,
  'strict' as const,
  'conservative' as const,
);
const unlisted: fc.Arbitrary<VerdictPolicyInput> = fc.oneof(
  preset,
  fc.record({ preset, file: rules, url: rules, ip: rules, domain: rules }, { requiredKeys: [] }),
);
const policy: fc.Arbitrary<VerdictPolicyInput> = fc.oneof(
  unlisted,
  fc.record({ preset, file: rules, url: rules, allow: fc.array(entry, { maxLength: 3 }) }),
);

const judge = (by: VerdictPolicyInput, of: IndicatorType, given: Record<string, string>) =>
  verdictOn(opinions(given), { type: of, indicator: INDICATORS[of], policy: by });

const severity = ['clean', 'unknown', 'suspicious', 'malicious'];
const severityOf = ({ value }: { value: string }) => severity.indexOf(value);

describe('every verdict', () => {
  it('matches its schema, and survives JSON', () => {
    fc.assert(
      fc.property(policy, type, engines, (by, of, given) => {
        const verdict = judge(by, of, given);
        expect(z.safeParse(verdictSchema, verdict).error).toBeUndefined();
        expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
        expect(verdict.reasons.length).toBeGreaterThan(0);
        expect(verdict.reasons.filter((reason) => !reason.endsWith('.'))).toEqual([]);
      }),
    );
  });

  it('is clean only with 10 opinions, and below every threshold or allowed', () => {
    fc.assert(
      fc.property(policy, type, engines, (by, of, given) => {
        const { value, ratio, policy: applied, allowed_because, engines } = judge(by, of, given);
        if (value !== 'clean') return;
        expect(ratio.total).toBeGreaterThanOrEqual(10);
        if (allowed_because !== null) return;
        const below = ({ count, percent }: typeof applied.malicious, number: number) =>
          (count === null || number < count) &&
          (percent === null || Number(ratio.percentage) < percent);
        expect(below(applied.malicious, Number(ratio.malicious))).toBe(true);
        expect(below(applied.suspicious, engines.length)).toBe(true);
        expect(engines.filter(({ engine }) => applied.trust.includes(engine))).toEqual([]);
      }),
    );
  });

  it('is never clean without a finished report', () => {
    const code = fc.constantFrom<(0 | -2)[]>(0, -2);
    fc.assert(
      fc.property(
        policy,
        type,
        engines,
        code,
        fc.boolean(),
        (by, of, given, response_code, isSent) => {
          const evidence = isSent ? { results: opinions(given) } : 'not-sent';
          const options = {
            type: of,
            indicator: INDICATORS[of],
            policy: by,
            report: { response_code },
          };
          const expected = isSent ? { 0: 'unknown', '-2': 'pending' }[response_code] : 'skipped';
          expect(verdictOn(evidence, options).value).toBe(expected);
        },
      ),
    );
  });
});

describe('one engine', () => {
  it('that changes to malicious never makes the verdict milder', () => {
    fc.assert(
      fc.property(policy, type, engines, fc.nat(), (by, of, given, index) => {
        const spoken = Object.entries(given).filter(([, said]) => said !== 'timeout');
        const [name] = spoken[index % Math.max(1, spoken.length)] ?? [];
        if (name === undefined) return;
        const worse = judge(by, of, { ...given, [name]: 'malicious' });
        expect(severityOf(worse)).toBeGreaterThanOrEqual(severityOf(judge(by, of, given)));
      }),
      { numRuns: 1000 },
    );
  });

  it('more that say malicious never make the verdict milder', () => {
    fc.assert(
      fc.property(unlisted, type, engines, (by, of, given) => {
        const before = judge(by, of, given);
        if (severityOf(before) < severity.indexOf('suspicious')) return;
        const after = judge(by, of, { ...given, Another: 'malicious' });
        expect(severityOf(after)).toBeGreaterThanOrEqual(severityOf(before));
      }),
      { numRuns: 1000 },
    );
  });

  it('that is ignored counts as absent', () => {
    fc.assert(
      fc.property(rules, type, engines, engine, (given, of, all, name) => {
        const { [name]: _, ...others } = all;
        const by = { [of]: { ...given, ignore: [name] } };
        const { policy: __, ...ignored } = judge(by, of, all);
        const { policy: ___, ...absent } = judge(by, of, others);
        expect(ignored).toEqual(absent);
      }),
      { numRuns: 1000 },
    );
  });
});

it('an allow list only turns detections into clean or unknown', () => {
  fc.assert(
    fc.property(rules, type, engines, fc.array(entry), (given, of, all, allow) => {
      const without = judge({ [of]: given }, of, all);
      const listed = judge({ [of]: given, allow }, of, all);
      expect(listed.ratio).toEqual(without.ratio);
      expect(listed.engines).toEqual(without.engines);
      if (listed.allowed_because === null) expect(listed.value).toBe(without.value);
      else expect(['clean', 'unknown']).toContain(listed.value);
    }),
  );
});
