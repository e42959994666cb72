import { describe, expect, it } from 'vitest';
import { parseUrlScanId } from '../../../../shared/indicators/scan-id.ts';
import {
  urlReputationFound,
  urlReputationFromAnalysis,
  urlReputationNotSent,
  urlReputationRunning,
  urlReputationUnknown,
} from '../../../../shared/operations/url-reputation/map.ts';
import { noResults } from '../../../../shared/virustotal/answers/engine-results.ts';
import { analysisObject, urlObject } from '../../../../shared/virustotal/answers/index.ts';
import { fixture } from '../../../fixtures/virustotal/fixture.ts';

const SHA256 = '1d'.repeat(32);
const EPOCH = 1_700_000_000;
const url = urlObject.parse(fixture('url-found'));
const byUrl = { resource: 'http://example.com', url: 'http://example.com', scanId: null };
const byScanId = (epoch: number) => {
  const scanId = parseUrlScanId(`${SHA256}-${epoch}`);
  return { resource: scanId.original, url: null, scanId };
};
const permalink = (epoch: number) =>
  `https://www.virustotal.com/gui/url/${SHA256}/detection/u-${SHA256}-${epoch}`;

const noReport = { aggregate: null, positives: null, total: null, scan_date: null, scans: {} };
const queued = { verbose_msg: 'Your resource is queued for analysis', response_code: -2 };
const report = {
  url: 'http://example.com/',
  permalink: permalink(EPOCH),
  aggregate: 38,
  positives: 3,
  total: 8,
  scan_date: '2023-11-14 22:13:20',
  scan_id: `${SHA256}-${EPOCH}`,
  verbose_msg: 'Scan finished, scan information embedded in this object',
  scans: {
    Alpha: { detected: false, result: 'clean site' },
    Beta: { detected: false, result: 'unrated site' },
    Gamma: { detected: true, result: 'malware site' },
    Delta: { detected: true, result: 'phishing site' },
    Epsilon: { detected: true, result: 'malicious site' },
    Zeta: { detected: false, result: 'suspicious site' },
    Theta: { detected: false, result: 'spam' },
    Iota: { detected: false, result: null },
  },
  response_code: 1,
};

describe('a URL that VirusTotal knows', () => {
  it('is its report, with the canonical URL and the requested one', () => {
    expect(urlReputationFound(byUrl, url)).toEqual({ ...report, resource: byUrl.resource });
  });

  it('has the requested URL if VirusTotal does not return it', () => {
    const output = urlReputationFound(byUrl, { ...url, url: null });
    expect(output).toEqual({ ...report, resource: byUrl.resource, url: byUrl.url });
    expect(urlReputationFound(byScanId(EPOCH), { ...url, url: null }).url).toBeNull();
  });

  it('is its report by scan_id up to 60 s after the last analysis, and is still analysed then', () => {
    const merged = byScanId(EPOCH + 60);
    expect(urlReputationFound(merged, url)).toEqual({ ...report, resource: merged.resource });
    const later = byScanId(EPOCH + 61);
    expect(urlReputationFound(later, url)).toEqual({
      ...{ ...noReport, ...queued, resource: later.resource, url: 'http://example.com/' },
      permalink: permalink(EPOCH + 61),
      scan_id: `${SHA256}-${EPOCH + 61}`,
    });
  });

  it('has its results without date, permalink and scan_id if they have no analysis date', () => {
    for (const query of [byUrl, byScanId(EPOCH)]) {
      expect(urlReputationFound(query, { ...url, lastAnalysisDate: null })).toEqual({
        ...report,
        ...{ resource: query.resource, permalink: null, scan_date: null, scan_id: null },
      });
    }
  });

  it('is still analysed while it has neither results nor an analysis date', () => {
    const first = { ...url, lastAnalysisDate: null, results: noResults };
    expect(urlReputationFound(byUrl, first)).toEqual({
      ...{ ...noReport, ...queued, resource: byUrl.resource, url: 'http://example.com/' },
      ...{ permalink: null, scan_id: null },
    });
  });
});

describe("an analysis asked for by VirusTotal's own id", () => {
  const scanId = parseUrlScanId(`u-${SHA256}-${EPOCH}`);
  const asked = { resource: scanId.original, url: null, scanId };

  it('runs', () => {
    const analysis = analysisObject.parse(fixture('analysis-url-queued'));
    expect(urlReputationFromAnalysis(asked, analysis)).toEqual({
      ...{ ...noReport, ...queued, resource: asked.resource, url: 'http://example.com/' },
      permalink: permalink(EPOCH),
      scan_id: `${SHA256}-${EPOCH}`,
    });
  });

  it('has the date of the analysis, not the one in the requested id', () => {
    const analysis = analysisObject.parse(fixture('analysis-url-completed'));
    const output = urlReputationFromAnalysis(asked, { ...analysis, date: EPOCH + 60 });
    expect(output).toMatchObject({
      scan_date: '2023-11-14 22:14:20',
      scan_id: `${SHA256}-${EPOCH + 60}`,
      permalink: permalink(EPOCH + 60),
    });
  });

  it('is finished even if VirusTotal returns neither URL nor date', () => {
    const analysis = analysisObject.parse(fixture('analysis-url-completed'));
    const output = { ...report, resource: asked.resource };
    expect(urlReputationFromAnalysis(asked, analysis)).toEqual(output);
    const bare = { ...analysis, url: null, urlSha256: null, date: null };
    expect(urlReputationFromAnalysis(asked, bare)).toEqual({ ...output, url: null });
  });
});

describe('a URL that VirusTotal does not know', () => {
  const nothing = { ...noReport, permalink: null, scan_id: null };

  it('is unknown', () => {
    expect(urlReputationUnknown(byUrl, EPOCH)).toEqual({
      ...{ ...nothing, resource: byUrl.resource, url: byUrl.url, response_code: 0 },
      verbose_msg: 'Resource does not exist in the dataset',
    });
  });

  it('is under analysis for 24 h after it was queued, and unknown after that', () => {
    const asked = byScanId(EPOCH);
    const running = {
      ...{ ...noReport, ...queued, resource: asked.resource, url: null },
      ...{ permalink: permalink(EPOCH), scan_id: `${SHA256}-${EPOCH}` },
    };
    expect(urlReputationUnknown(asked, EPOCH + 86_400)).toEqual(running);
    expect(urlReputationRunning(asked)).toEqual(running);
    expect(urlReputationUnknown(asked, EPOCH + 86_401)).toEqual({
      ...{ ...nothing, resource: asked.resource, url: null, response_code: 0 },
      verbose_msg: 'Resource does not exist in the dataset',
    });
  });

  it('has no opinions and the reason as its message if it is not sent', () => {
    expect(urlReputationNotSent(byUrl, 'because')).toEqual({
      ...{ ...nothing, resource: byUrl.resource, url: byUrl.url },
      ...{ response_code: 0, verbose_msg: 'because' },
    });
  });
});
