/** Full reports of a list of indicators, in the report bucket. */
import { describe, expect, it } from 'vitest';
import { createReportStore, keepReport } from '../../../../shared/uploads/record/keep-report.ts';
import { call, REPORTS, reportOf, startRecording } from './harness.ts';

const report = { ...reportOf('malicious'), positives: 3, total: 70 };
const request = { execution: 'one', index: 7, type: 'hash', report } as const;

describe('keeping a report', () => {
  it('stores the whole report under its position, and returns it in short with its address', async () => {
    const { services, body } = await startRecording();
    const short = await keepReport(services, request, call());
    const key = 'enrichments/one/007-hash.json';
    expect(await body(REPORTS, key)).toEqual({
      text: JSON.stringify(report),
      metadata: {},
      type: 'application/json',
    });
    expect(short).toMatchObject({
      positives: 3,
      verdict: 'malicious',
      full_report: `s3://${REPORTS}/${key}`,
    });
    expect(short).not.toHaveProperty('scans');
  });

  it('replaces the report when it is tried again', async () => {
    const { services, keys } = await startRecording();
    const first = await keepReport(services, request, call());
    expect(await keepReport(services, request, call())).toEqual(first);
    expect(new Set(await keys(REPORTS))).toEqual(new Set(['enrichments/one/007-hash.json']));
  });

  it('names a bucket that cannot be written', async () => {
    const { services } = await startRecording();
    const store = { ...services, reportBucket: 'there-is-no-such-bucket' };
    await expect(keepReport(store, request, call())).rejects.toThrow(/write the report/);
  });

  it('needs the name of the bucket', () => {
    expect(createReportStore({ REPORT_BUCKET: 'reports' }).reportBucket).toBe('reports');
    expect(() => createReportStore({})).toThrow(/REPORT_BUCKET/);
  });
});
