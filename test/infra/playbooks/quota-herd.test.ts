import { expect, it } from 'vitest';
import { bulkHours, scanMany, seeded } from '../../support/many-scans.ts';
import { definitions } from '../../support/playbooks.ts';

const files = 100;
const verdicts = Array(files).fill({ verdict: 'clean' });
const common = { files, within: 5, random: seeded(1) } as const;

it('100 uploads of known files at once, 4 requests a minute, take 36 minutes and wait once', async () => {
  const budgets = { perMinute: 4 };
  const scans = await scanMany(definitions().get('ScanUpload'), {
    ...common,
    budgets,
    requestsPerFile: 1,
  });
  expect(scans.verdicts).toEqual(verdicts);
  expect(scans.hours).toBeLessThan(36 / 60);
  expect(scans.waits).toBeLessThanOrEqual(1);
}, 120_000);

it('100 uploads of new files at once take as long as their requests need', async () => {
  const requestsPerFile = 3;
  const scans = await scanMany(definitions().get('ScanUpload'), {
    ...common,
    budgets: { perMinute: 4 },
    requestsPerFile,
  });
  expect(scans.verdicts).toEqual(verdicts);
  expect(scans.hours).toBeLessThan(1.1 * bulkHours(files * requestsPerFile));
  expect(scans.waits).toBeLessThan(12);
}, 120_000);

it('100 uploads that find the day spent do not wake in one second', async () => {
  const scans = await scanMany(definitions().get('ScanUpload'), {
    ...common,
    budgets: { perMinute: 200, perDay: 200 },
    requestsPerFile: 3,
  });
  expect(scans.verdicts).toEqual(verdicts);
  // They begin 14 h before midnight.
  const later = [...scans.calls].filter(([second]) => second >= 14 * 3600);
  expect(later.length).toBeGreaterThan(files / 4);
  // Those that have begun, and are looked up when the day does, have no place.
  expect(Math.max(...later.map(([, calls]) => calls))).toBeLessThan(files / 5);
}, 120_000);
