/** Every preset, type of indicator and boundary. */
import { describe, expect, it } from 'vitest';
import type { IndicatorType } from '../../../shared/indicators/indicator-type.ts';
import { presets } from '../../../shared/verdict/presets.ts';
import { counted, verdictOn } from './harness.ts';

const sites: readonly IndicatorType[] = ['url', 'ip', 'domain'];
const all: readonly IndicatorType[] = ['file', ...sites];

type Row = readonly [malicious: number, suspicious: number, total: number, value: string];

const table: readonly (readonly [string, readonly IndicatorType[], readonly Row[]])[] = [
  [
    'balanced',
    ['file'],
    [
      [3, 0, 70, 'malicious'],
      [3, 0, 3, 'malicious'],
      [2, 9, 70, 'suspicious'],
      [1, 0, 70, 'suspicious'],
      [0, 1, 70, 'suspicious'],
      [0, 1, 1, 'suspicious'],
      [0, 0, 70, 'clean'],
      [0, 0, 10, 'clean'],
      [0, 0, 9, 'unknown'],
      [0, 0, 0, 'unknown'],
    ],
  ],
  [
    'balanced',
    sites,
    [
      [3, 0, 90, 'malicious'],
      [2, 5, 90, 'suspicious'],
      [2, 0, 90, 'suspicious'],
      [1, 1, 90, 'suspicious'],
      [0, 2, 90, 'suspicious'],
      [1, 0, 90, 'clean'],
      [0, 1, 90, 'clean'],
      [0, 0, 90, 'clean'],
      [1, 0, 10, 'clean'],
      [1, 0, 9, 'unknown'],
      [0, 0, 0, 'unknown'],
    ],
  ],
  [
    'aggregate',
    all,
    [
      // round(100 * 9 / 200) = round(4.5) = 5
      [9, 0, 200, 'malicious'],
      [8, 0, 200, 'suspicious'],
      [4, 0, 90, 'suspicious'],
      [5, 0, 90, 'malicious'],
      [1, 0, 200, 'suspicious'],
      [1, 0, 201, 'clean'],
      [1, 0, 10, 'malicious'],
      [9, 0, 9, 'unknown'],
      [0, 9, 90, 'clean'],
      [0, 0, 90, 'clean'],
      [0, 0, 9, 'unknown'],
      [0, 0, 0, 'unknown'],
    ],
  ],
  [
    'strict',
    all,
    [
      [1, 0, 90, 'malicious'],
      [1, 0, 1, 'malicious'],
      [0, 1, 90, 'suspicious'],
      [0, 0, 10, 'clean'],
      [0, 0, 9, 'unknown'],
      [0, 0, 0, 'unknown'],
    ],
  ],
  [
    'conservative',
    all,
    [
      [10, 0, 90, 'malicious'],
      [9, 9, 90, 'suspicious'],
      [5, 0, 90, 'suspicious'],
      [0, 5, 90, 'suspicious'],
      [2, 3, 5, 'suspicious'],
      [4, 0, 90, 'clean'],
      [2, 2, 90, 'clean'],
      [4, 0, 9, 'unknown'],
      [0, 0, 0, 'unknown'],
    ],
  ],
];

describe.each(
  table.flatMap(([preset, types, rows]) => types.map((type) => [preset, type, rows] as const)),
)('%s, %s', (preset, type, rows) => {
  it.each(rows)(
    '%d malicious and %d suspicious of %d: %s',
    (malicious, suspicious, total, value) => {
      const verdict = verdictOn(counted(malicious, suspicious, total), { type, policy: preset });
      expect(verdict.value).toBe(value);
      expect(verdict.ratio).toMatchObject({ malicious, suspicious, total });
      expect(verdict.engines).toHaveLength(malicious + suspicious);
      expect(verdict.policy.name).toBe(preset);
    },
  );
});

it('names no other preset', () => {
  expect(Object.keys(presets).sort()).toEqual([...new Set(table.map(([name]) => name))].sort());
});
