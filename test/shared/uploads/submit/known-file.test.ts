import { describe, expect, it } from 'vitest';
import { fileReputationFound } from '../../../../shared/operations/file-reputation/map.ts';
import { refreshReport, reportAgeDays } from '../../../../shared/uploads/submit/known-file.ts';
import { fileObject } from '../../../../shared/virustotal/answers/index.ts';
import { fault, json, startUpstream } from '../../../support/upstream-server.ts';
import {
  clientAt,
  descriptor,
  fileReport,
  rejection,
  SHA256,
  within,
} from '../../virustotal/harness.ts';

const file = fileObject.parse(fileReport(SHA256));
const digests = { md5: 'a'.repeat(32), sha1: 'b'.repeat(40), sha256: SHA256 };
const epoch = file.lastAnalysisDate ?? 0;

describe('refreshReport', () => {
  it.each([
    [409, 'AlreadyExistsError'],
    [403, 'ForbiddenError'],
    [400, 'InvalidArgumentError'],
    [400, 'BadRequestError'],
    [404, 'NotFoundError'],
  ])('keeps the old report, with the reason, after HTTP %i %s', async (status, code) => {
    await using upstream = await startUpstream();
    upstream.script(fault(status, code));
    const kept = await refreshReport(clientAt(upstream.url), digests, file, within());
    const reason = expect.stringMatching(
      `^the report is old, but VirusTotal refused a new analysis: .*HTTP ${status}, ${code}`,
    );
    expect(kept).toMatchObject({ kind: 'known', reason });
    expect(kept.output).toMatchObject({
      response_code: 1,
      scan_id: `${SHA256}-${epoch}`,
      verbose_msg: expect.stringContaining(
        'Scan finished, information embedded; the report is old',
      ),
    });
    expect(upstream.requests).toHaveLength(1);
  });

  it.each([
    [401, 'ApiKeyError'],
    [429, 'QuotaExceededError'],
    [503, 'UpstreamUnavailableError'],
  ])('throws after HTTP %i, which says nothing about the file', async (status, name) => {
    await using upstream = await startUpstream();
    upstream.script(fault(status, ''));
    const error = await rejection(refreshReport(clientAt(upstream.url), digests, file, within()));
    expect(error.name).toBe(name);
  });

  it('queues a new analysis', async () => {
    await using upstream = await startUpstream();
    upstream.script(json(200, descriptor));
    expect(await refreshReport(clientAt(upstream.url), digests, file, within())).toMatchObject({
      kind: 'submitted',
    });
  });
});

describe('reportAgeDays', () => {
  it('is the age of the last analysis', () => {
    expect(reportAgeDays(file, (epoch + 86_400) * 1000)).toBe(1);
  });

  it('is 0 while the first analysis runs', () => {
    expect(reportAgeDays({ ...file, lastAnalysisDate: null }, Date.now())).toBe(0);
  });
});

it('is looked up by the scan_id of the kept report, which is finished', () => {
  const scanId = { original: '', sha256: SHA256, epoch, analysisId: null };
  expect(fileReputationFound({ resource: '', scanId }, file).response_code).toBe(1);
});
