import { expect, it } from 'vitest';
import { REQUESTS_PER_FILE, scanMany, seeded } from '../../support/many-scans.ts';
import { definitions } from '../../support/playbooks.ts';

it('100 uploads at once, 4 requests a minute, share the quota without a herd', async () => {
  const files = 100;
  const random = seeded(1);
  const scans = await scanMany(definitions().get('ScanUpload'), {
    files,
    within: 5,
    perMinute: 4,
    random,
  });
  expect(scans.verdicts).toEqual(Array(files).fill({ verdict: 'clean' }));
  // With the same wait for all it was seven times as long; test/soak shows more files.
  expect(scans.hours).toBeLessThan((1.5 * files * REQUESTS_PER_FILE) / 4 / 60);
  expect(scans.waits).toBeLessThan(30);
}, 120_000);

it('100 uploads that find the day spent wake within an hour, not in one second', async () => {
  const files = 100;
  const scans = await scanMany(definitions().get('ScanUpload'), {
    files,
    within: 5,
    perMinute: 200,
    perDay: 200,
    random: seeded(1),
  });
  expect(scans.verdicts).toEqual(Array(files).fill({ verdict: 'clean' }));
  // They begin 14 h before midnight.
  const later = [...scans.calls].filter(([second]) => second >= 14 * 3600);
  expect(later.length).toBeGreaterThan(files / 2);
  expect(Math.max(...later.map(([, calls]) => calls))).toBeLessThan(files / 10);
}, 120_000);
