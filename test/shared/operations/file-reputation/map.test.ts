import { describe, expect, it } from 'vitest';
import { type AnalysisScanId, parseFileScanId } from '../../../../shared/indicators/scan-id.ts';
import {
  fileReputationFound,
  fileReputationFromAnalysis,
  fileReputationRunning,
  fileReputationUnknown,
} from '../../../../shared/operations/file-reputation/map.ts';
import { analysisObject, fileObject } from '../../../../shared/virustotal/answers/index.ts';
import { fixture } from '../../../fixtures/virustotal/fixture.ts';

const SHA256 = '0c'.repeat(32);
const MD5 = '0a'.repeat(16);
const EPOCH = 1_700_000_000;
const file = fileObject.parse(fixture('file-found'));
const byDigest = (resource: string) => ({ resource, scanId: null });
const byScanId = (epoch: number) => {
  const scanId = parseFileScanId(`${SHA256}-${epoch}`);
  return { resource: scanId.original, scanId };
};
const permalink = (epoch: number) =>
  `https://www.virustotal.com/gui/file/${SHA256}/detection/f-${SHA256}-${epoch}`;

const properties = {
  threat_label: 'trojan.test/sample',
  type_description: 'Win32 EXE',
  first_submission_date: '2020-09-13 12:26:40',
};
const noProperties = { threat_label: null, type_description: null, first_submission_date: null };
const noReport = { aggregate: null, positives: null, total: null, scan_date: null, scans: {} };
const queued = { verbose_msg: 'Your resource is queued for analysis', response_code: -2 };
const absent = {
  verbose_msg: 'The requested resource is not among the finished, queued or pending scans',
  response_code: 0,
};
const engine = { version: '1.2.3', update: '20260101' };
const report = {
  permalink: permalink(EPOCH),
  aggregate: 40,
  positives: 2,
  total: 5,
  scan_date: '2023-11-14 22:13:20',
  scan_id: `${SHA256}-${EPOCH}`,
  verbose_msg: 'Scan finished, information embedded',
  scans: {
    Alpha: { detected: true, result: 'Trojan.Test', ...engine },
    Beta: { detected: false, result: null, ...engine },
    Gamma: { detected: false, result: 'Heur.Maybe', ...engine },
    Delta: { detected: false, result: null, ...engine },
    Iota: { detected: true, result: 'Mal/Generic', ...engine },
  },
  response_code: 1,
};

describe('a file that VirusTotal knows', () => {
  it('is its report', () => {
    expect(fileReputationFound(byDigest('AbC'), file)).toEqual({
      ...report,
      ...properties,
      resource: 'AbC',
    });
  });

  it.each([
    ['before', EPOCH - 3600],
    ['at', EPOCH],
    ['60 s after', EPOCH + 60],
  ])('is its report when the requested analysis was queued %s the last one', (_, epoch) => {
    const query = byScanId(epoch);
    const output = fileReputationFound(query, file);
    expect(output).toEqual({ ...report, ...properties, resource: query.resource });
  });

  it('is still analysed when the requested analysis was queued 61 s after the last one', () => {
    const query = byScanId(EPOCH + 61);
    expect(fileReputationFound(query, file)).toEqual({
      ...noReport,
      ...properties,
      ...queued,
      resource: query.resource,
      permalink: permalink(EPOCH + 61),
      scan_id: `${SHA256}-${EPOCH + 61}`,
    });
  });

  it('is still analysed while it has no analysis date', () => {
    const first = fileObject.parse(fixture('file-first-analysis'));
    expect(fileReputationFound(byDigest(MD5), first)).toEqual({
      ...{ ...noReport, ...queued, resource: MD5, permalink: null, scan_id: null },
      threat_label: null,
      type_description: 'Text',
      first_submission_date: '2023-11-14 22:13:20',
    });
  });

  it('has its results without date, permalink and scan_id if they have no analysis date', () => {
    for (const query of [byDigest(MD5), byScanId(EPOCH)]) {
      expect(fileReputationFound(query, { ...file, lastAnalysisDate: null })).toEqual({
        ...report,
        ...properties,
        ...{ resource: query.resource, permalink: null, scan_date: null, scan_id: null },
      });
    }
  });

  it('has a null aggregate if no engine has an opinion', () => {
    const silent = { ...file, results: { opinions: [], positives: 0, suspicious: 0, total: 0 } };
    expect(fileReputationFound(byDigest(MD5), silent)).toMatchObject({
      ...{ positives: 0, total: 0, aggregate: null, scans: {}, response_code: 1 },
    });
  });

  it.each([
    [1, 200, 1],
    [1, 201, 0],
    [3, 70, 4],
    [5, 90, 6],
    [70, 70, 100],
  ])('has the aggregate of %d in %d rounded to %d', (positives, total, aggregate) => {
    const counted = { ...file, results: { opinions: [], positives, suspicious: 0, total } };
    expect(fileReputationFound(byDigest(MD5), counted).aggregate).toBe(aggregate);
  });

  it("makes every engine's name an own property", () => {
    const results = {
      opinions: ['__proto__', 'constructor', 'toString'].map((engine) => ({
        ...{ engine, category: 'malicious', result: null, version: null, update: null },
      })),
      positives: 3,
      suspicious: 0,
      total: 3,
    };
    const { scans } = fileReputationFound(byDigest(MD5), { ...file, results });
    const scan = '{"detected":true,"version":null,"result":null,"update":null}';
    expect(JSON.stringify(scans)).toBe(
      `{"__proto__":${scan},"constructor":${scan},"toString":${scan}}`,
    );
    expect(Object.getPrototypeOf(scans)).toBe(Object.prototype);
  });
});

describe('an analysis requested by an id in the v3 form', () => {
  const id = Buffer.from(`${MD5}:${EPOCH}`).toString('base64');
  const scanId: AnalysisScanId = { original: id, sha256: null, epoch: EPOCH, analysisId: id };
  const query = { resource: id, scanId };

  it('is queued', () => {
    const analysis = analysisObject.parse(fixture('analysis-file-queued'));
    expect(fileReputationFromAnalysis(query, analysis)).toEqual({
      ...{ ...noReport, ...noProperties, ...queued, resource: id },
      permalink: permalink(EPOCH),
      scan_id: `${SHA256}-${EPOCH}`,
    });
  });

  it('is done', () => {
    const analysis = analysisObject.parse(fixture('analysis-file-completed'));
    expect(fileReputationFromAnalysis(query, analysis)).toEqual({
      ...{ ...report, ...noProperties, resource: id },
    });
  });

  it('has the date of the analysis, not the one in the requested id', () => {
    const completed = analysisObject.parse(fixture('analysis-file-completed'));
    const output = fileReputationFromAnalysis(query, { ...completed, date: EPOCH + 60 });
    expect(output).toMatchObject({
      scan_date: '2023-11-14 22:14:20',
      scan_id: `${SHA256}-${EPOCH + 60}`,
      permalink: permalink(EPOCH + 60),
    });
  });

  it("is finished even if VirusTotal does not return the file's digest", () => {
    const completed = analysisObject.parse(fixture('analysis-file-completed'));
    const analysis = { ...completed, fileSha256: null, date: null };
    expect(fileReputationFromAnalysis(query, analysis)).toEqual({
      ...{ ...report, ...noProperties, resource: id, permalink: null, scan_id: null },
    });
  });

  it('keeps the id that was asked for if the SHA-256 of the file is unknown', () => {
    const running = { ...noReport, ...noProperties, ...queued, resource: id, permalink: null };
    expect(fileReputationUnknown(query, EPOCH + 10)).toEqual({ ...running, scan_id: id });
    expect(fileReputationRunning(query)).toEqual({ ...running, scan_id: id });
  });
});

describe('a file that VirusTotal does not know', () => {
  const unknown = { ...noReport, ...noProperties, ...absent, permalink: null, scan_id: null };

  it('is unknown', () => {
    expect(fileReputationUnknown(byDigest(MD5), EPOCH)).toEqual({ ...unknown, resource: MD5 });
  });

  it('is under analysis for 24 h after it was queued, and unknown after that', () => {
    const query = byScanId(EPOCH);
    const { resource } = query;
    expect(fileReputationUnknown(query, EPOCH + 86_400)).toEqual({
      ...{ ...noReport, ...noProperties, ...queued, resource },
      permalink: permalink(EPOCH),
      scan_id: `${SHA256}-${EPOCH}`,
    });
    expect(fileReputationUnknown(query, EPOCH + 86_401)).toEqual({
      ...unknown,
      resource,
    });
  });

  it('is analysed when VirusTotal says that the report is not available yet', () => {
    expect(fileReputationRunning(byDigest(MD5))).toEqual({
      ...{ ...noReport, ...noProperties, ...queued, resource: MD5, permalink: null, scan_id: null },
    });
  });
});
