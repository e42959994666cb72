import { describe, expect, it } from 'vitest';
import { engineResults, noResults } from '../../../../shared/virustotal/answers/engine-results.ts';

const of = (...categories: string[]) =>
  Object.fromEntries(categories.map((category, n) => [`Engine${n}`, { category }]));

describe('engineResults', () => {
  it.each([
    ['harmless', 0, 0, 1],
    ['undetected', 0, 0, 1],
    ['suspicious', 0, 1, 1],
    ['malicious', 1, 0, 1],
    ['some-new-category', 0, 0, 1],
    ['timeout', 0, 0, 0],
    ['confirmed-timeout', 0, 0, 0],
    ['failure', 0, 0, 0],
    ['type-unsupported', 0, 0, 0],
  ])(
    'counts %s as %d malicious and %d suspicious of %d',
    (category, positives, suspicious, total) => {
      expect(engineResults(of(category), undefined)).toMatchObject({
        positives,
        suspicious,
        total,
      });
    },
  );

  it('counts the results, whatever the statistics say', () => {
    const results = of('malicious', 'harmless', 'timeout', 'malicious');
    const stats = { malicious: 9, harmless: 90 };
    expect(engineResults(results, stats)).toMatchObject({ positives: 2, total: 3 });
  });

  it('counts no statistics where engines answered but none had an opinion', () => {
    expect(engineResults(of('timeout'), { malicious: 9 })).toEqual(noResults);
  });

  it.each([[undefined], [null], [{}], [[]], ['x'], [7], [{ A: null, B: 'x', C: {} }]])(
    'takes the statistics where there are no results: %j',
    (results) => {
      const stats = {
        ...{ malicious: 3, harmless: 4, suspicious: 1, undetected: 2 },
        ...{ timeout: 8, failure: 8, 'confirmed-timeout': 8, 'type-unsupported': 8 },
      };
      expect(engineResults(results, stats)).toEqual({
        opinions: [],
        positives: 3,
        suspicious: 1,
        total: 10,
      });
    },
  );

  it('leaves odd statistics out', () => {
    const stats = { malicious: '3', harmless: -1, suspicious: 0.5, undetected: 2, new: null };
    expect(engineResults(undefined, stats)).toEqual({
      opinions: [],
      positives: 0,
      suspicious: 0,
      total: 2,
    });
  });

  it('reads each opinion; what is odd or empty is null', () => {
    const full = {
      ...{ category: 'malicious', result: 'Trojan', method: 'blacklist' },
      ...{ engine_name: 'A', engine_version: '1.0', engine_update: '20250316' },
    };
    const odd = { category: 'harmless', result: '', engine_version: 7, engine_update: null };
    expect(engineResults({ A: full, B: odd }, undefined).opinions).toEqual([
      { engine: 'A', category: 'malicious', result: 'Trojan', version: '1.0', update: '20250316' },
      { engine: 'B', category: 'harmless', result: null, version: null, update: null },
    ]);
  });

  it('takes an engine of any name', () => {
    const results: unknown = JSON.parse(
      '{"__proto__":{"category":"malicious"},"constructor":{"category":"harmless"}}',
    );
    const { opinions, positives, total } = engineResults(results, undefined);
    expect(opinions.map(({ engine }) => engine)).toEqual(['__proto__', 'constructor']);
    expect({ positives, total }).toEqual({ positives: 1, total: 2 });
  });

  it.each([
    ['20250316', '20250316'],
    [20250316, '20250316'],
    ['20250316081500', '20250316'],
    ['2025-03-16', '20250316'],
    ['2025-03-16T08:15:00Z', '20250316'],
    ['2025-03-16 08:15:00', '20250316'],
    ['20240229', '20240229'],
    ['20250229', null],
    ['20251301', null],
    ['20250300', null],
    ['None', null],
    ['-', null],
    ['2025-0316', null],
    ['202503', null],
    ['202503161', null],
    ['v20250316', null],
    ['2025.03.16', null],
    [1_742_083_200, null],
    [['20250316'], null],
    ['', null],
    [null, null],
    [true, null],
  ])('reads an engine_update of %j as %j', (engine_update, update) => {
    const entry = { category: 'harmless', engine_update };
    expect(engineResults({ A: entry }, undefined).opinions[0]?.update).toBe(update);
  });
});
