import { afterEach, expect, it, vi } from 'vitest';
import { logMetrics } from '../../shared/logger.ts';
import { metricMembers } from '../../shared/metrics.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it('writes the members that CloudWatch reads metrics from', () => {
  const metrics = [
    { name: 'QuotaUsed', value: 7 },
    { name: 'ScanSeconds', value: 1.5, unit: 'Seconds' as const },
  ];
  expect(metricMembers(metrics, 'Scanning', 1_000.7)).toEqual({
    _aws: {
      Timestamp: 1_000,
      CloudWatchMetrics: [
        {
          Namespace: 'VirusTotalConnector',
          Dimensions: [['Stack']],
          Metrics: [
            { Name: 'QuotaUsed', Unit: 'Count' },
            { Name: 'ScanSeconds', Unit: 'Seconds' },
          ],
        },
      ],
    },
    Stack: 'Scanning',
    QuotaUsed: 7,
    ScanSeconds: 1.5,
  });
});

it('writes one line, with level and time, so that Lambda passes it on as it is', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  logMetrics([{ name: 'QuotaUsed', value: 7 }], 'Scanning', 'quota changed', { quota: 'x' });
  const [[text] = []] = write.mock.calls;
  expect(String(text)).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(String(text))).toMatchObject({
    level: 'INFO',
    timestamp: expect.stringMatching(/Z$/),
    message: 'quota changed',
    quota: 'x',
    Stack: 'Scanning',
    QuotaUsed: 7,
  });
});
