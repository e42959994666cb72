/** Many uploads under a small quota: the real definition of `ScanUpload` on a simulated clock. */
import type { Workflow } from '@local/cloud/step-functions';
import { beforeAll, expect, it } from 'vitest';
import { REQUESTS_PER_FILE, scanMany, seeded } from '../support/many-scans.ts';
import { definitions } from '../support/playbooks.ts';

const PER_MINUTE = 4;
const TIMEOUT_MS = 900_000;

let machine: Workflow | undefined;

beforeAll(() => {
  machine = definitions().get('ScanUpload');
}, 120_000);

it.each([60, 5])(
  '500 uploads within %i s finish within 10 %% of what the quota needs',
  async (within) => {
    const files = 500;
    const scans = await scanMany(machine, {
      files,
      within,
      perMinute: PER_MINUTE,
      random: seeded(within),
    });
    expect(scans.verdicts).toEqual(Array(files).fill({ verdict: 'clean' }));
    const needed = (files * REQUESTS_PER_FILE) / PER_MINUTE / 60;
    expect(scans.hours).toBeLessThan(1.1 * needed);
    // Before, each file woke 137 times.
    expect(scans.waits).toBeLessThan(70);
  },
  TIMEOUT_MS,
);

it(
  '1,000 uploads with 500 requests a day end before they time out, and do not wake together',
  async () => {
    const files = 1_000;
    const options = { files, within: 5, perMinute: PER_MINUTE, perDay: 500, random: seeded(2) };
    const scans = await scanMany(machine, options);
    expect(scans.verdicts).toEqual(Array(files).fill({ verdict: 'clean' }));
    expect(scans.longestHours).toBeLessThan(7 * 24);
    expect(scans.waits).toBeLessThan(120);
  },
  TIMEOUT_MS,
);
