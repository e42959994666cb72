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
const scanId = (epoch: number) => parseFileScanId(`${SHA256}-${epoch}`);
const permalink = (epoch: number) =>
  `https://www.virustotal.com/gui/file/${SHA256}/detection/f-${SHA256}-${epoch}`;

const about = {
  threat_label: 'trojan.test/sample',
  type_description: 'Win32 EXE',
  first_submission_date: '2020-09-13 12:26:40',
};
const nothingAbout = { threat_label: null, type_description: null, first_submission_date: null };
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
    expect(fileReputationFound('AbC', file, null)).toEqual({
      ...report,
      ...about,
      resource: 'AbC',
    });
  });

  it.each([
    ['before', EPOCH - 3600],
    ['at', EPOCH],
    ['60 s after', EPOCH + 60],
  ])('is its report when the analysis asked for was queued %s the last one', (_, epoch) => {
    const wanted = scanId(epoch);
    const output = fileReputationFound(wanted.asked, file, wanted);
    expect(output).toEqual({ ...report, ...about, resource: wanted.asked });
  });

  it('is still analysed when the analysis asked for was queued 61 s after the last one', () => {
    const wanted = scanId(EPOCH + 61);
    expect(fileReputationFound(wanted.asked, file, wanted)).toEqual({
      ...noReport,
      ...about,
      ...queued,
      resource: wanted.asked,
      permalink: permalink(EPOCH + 61),
      scan_id: `${SHA256}-${EPOCH + 61}`,
    });
  });

  it('is still analysed while it has no analysis date', () => {
    const first = fileObject.parse(fixture('file-first-analysis'));
    expect(fileReputationFound(MD5, first, null)).toEqual({
      ...{ ...noReport, ...queued, resource: MD5, permalink: null, scan_id: null },
      threat_label: null,
      type_description: 'Text',
      first_submission_date: '2023-11-14 22:13:20',
    });
  });

  it('has a null aggregate when no engine gave an opinion', () => {
    const silent = { ...file, results: { opinions: [], positives: 0, suspicious: 0, total: 0 } };
    expect(fileReputationFound(MD5, silent, null)).toMatchObject({
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
    expect(fileReputationFound(MD5, counted, null).aggregate).toBe(aggregate);
  });

  it('keeps engines of any name apart from the object itself', () => {
    const results = {
      opinions: ['__proto__', 'constructor', 'toString'].map((engine) => ({
        ...{ engine, category: 'malicious', result: null, version: null, update: null },
      })),
      positives: 3,
      suspicious: 0,
      total: 3,
    };
    const { scans } = fileReputationFound(MD5, { ...file, results }, null);
    const scan = '{"detected":true,"version":null,"result":null,"update":null}';
    expect(JSON.stringify(scans)).toBe(
      `{"__proto__":${scan},"constructor":${scan},"toString":${scan}}`,
    );
    expect(Object.getPrototypeOf(scans)).toBe(Object.prototype);
  });
});

describe("an analysis asked for by VirusTotal's own id", () => {
  const id = Buffer.from(`${MD5}:${EPOCH}`).toString('base64');
  const wanted: AnalysisScanId = {
    ...{ asked: id, sha256: null, epoch: EPOCH, analysisId: id },
  };

  it('is queued', () => {
    const analysis = analysisObject.parse(fixture('analysis-file-queued'));
    expect(fileReputationFromAnalysis(id, analysis, wanted)).toEqual({
      ...{ ...noReport, ...nothingAbout, ...queued, resource: id },
      permalink: permalink(EPOCH),
      scan_id: `${SHA256}-${EPOCH}`,
    });
  });

  it('is done', () => {
    const analysis = analysisObject.parse(fixture('analysis-file-completed'));
    expect(fileReputationFromAnalysis(id, analysis, wanted)).toEqual({
      ...{ ...report, ...nothingAbout, resource: id },
    });
  });

  it('is done even if VirusTotal does not say of which file', () => {
    const completed = analysisObject.parse(fixture('analysis-file-completed'));
    const analysis = { ...completed, fileSha256: null, date: null };
    expect(fileReputationFromAnalysis(id, analysis, wanted)).toEqual({
      ...{ ...report, ...nothingAbout, resource: id, permalink: null, scan_id: null },
    });
  });

  it('may not be known, of a file whose SHA-256 is not known', () => {
    const running = { ...noReport, ...nothingAbout, ...queued, resource: id, permalink: null };
    expect(fileReputationUnknown(id, wanted, EPOCH + 10)).toEqual({ ...running, scan_id: id });
    expect(fileReputationRunning(id, wanted)).toEqual({ ...running, scan_id: id });
  });
});

describe('a file that VirusTotal does not know', () => {
  const unknown = { ...noReport, ...nothingAbout, ...absent, permalink: null, scan_id: null };

  it('is unknown', () => {
    expect(fileReputationUnknown(MD5, null, EPOCH)).toEqual({ ...unknown, resource: MD5 });
  });

  it('may be analysed for 24 h after it was queued, and is unknown then', () => {
    const wanted = scanId(EPOCH);
    const resource = wanted.asked;
    expect(fileReputationUnknown(resource, wanted, EPOCH + 86_400)).toEqual({
      ...{ ...noReport, ...nothingAbout, ...queued, resource },
      permalink: permalink(EPOCH),
      scan_id: `${SHA256}-${EPOCH}`,
    });
    expect(fileReputationUnknown(resource, wanted, EPOCH + 86_401)).toEqual({
      ...unknown,
      resource,
    });
  });

  it('is analysed when VirusTotal says that the report is not available yet', () => {
    expect(fileReputationRunning(MD5, null)).toEqual({
      ...{ ...noReport, ...nothingAbout, ...queued, resource: MD5, permalink: null, scan_id: null },
    });
  });
});
