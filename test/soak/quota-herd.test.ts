/** Many uploads under a small quota: the real definition of `ScanUpload` on a simulated clock. */
import type { Workflow } from '@local/cloud/step-functions';
import { beforeAll, expect, it } from 'vitest';
import { bulkHours, scanMany, seeded } from '../support/many-scans.ts';
import { definitions } from '../support/playbooks.ts';

const TIMEOUT_MS = 900_000;
/** One by digest, and two looks, the first of which finds no report yet. */
const REQUESTS_PER_FILE = 3;

let machine: Workflow | undefined;

beforeAll(() => {
  machine = definitions().get('ScanUpload');
}, 120_000);

it.each([60, 5])(
  '500 uploads within %i s finish within a tenth of what the quota needs',
  async (within) => {
    const files = 500;
    const scans = await scanMany(machine, {
      files,
      within,
      budgets: { perMinute: 4 },
      requestsPerFile: REQUESTS_PER_FILE,
      random: seeded(within),
    });
    expect(scans.verdicts).toEqual(Array(files).fill({ verdict: 'clean' }));
    expect(scans.hours).toBeLessThan(1.1 * bulkHours(files * REQUESTS_PER_FILE));
    expect(scans.waits).toBeLessThan(12);
  },
  TIMEOUT_MS,
);

it.each([1_000, 5_000])(
  '%i uploads with 500 requests a day end before they time out, and do not wake together',
  async (files) => {
    const scans = await scanMany(machine, {
      files,
      within: 5,
      budgets: { perMinute: 4, perDay: 500 },
      requestsPerFile: REQUESTS_PER_FILE,
      random: seeded(2),
    });
    expect(scans.verdicts).toEqual(Array(files).fill({ verdict: 'clean' }));
    expect(scans.longestHours).toBeLessThan(60 * 24);
    expect(scans.waits).toBeLessThan(25);
  },
  TIMEOUT_MS,
);
