/** Maps recorded answers and compares every field with a value computed here from the raw JSON. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseFileScanId, parseUrlScanId } from '../../../shared/indicators/scan-id.ts';
import { domainReputationFound } from '../../../shared/operations/domain-reputation/map.ts';
import { fileReputationFound } from '../../../shared/operations/file-reputation/map.ts';
import { ipReputationFound } from '../../../shared/operations/ip-reputation/map.ts';
import { submitFileQueued } from '../../../shared/operations/submit-file/map.ts';
import { submitUrlQueued } from '../../../shared/operations/submit-url/map.ts';
import {
  urlReputationFound,
  urlReputationFromAnalysis,
} from '../../../shared/operations/url-reputation/map.ts';
import * as schemas from '../../../shared/virustotal/answers/index.ts';

const recorded = new URL('../../fixtures/virustotal/recorded/', import.meta.url);

interface RawResult {
  readonly category: string;
  readonly result: string | null;
  readonly engine_version?: string | null;
  readonly engine_update?: string | null;
}

/** What this test reads of a recording; everything else is compared as it stands. */
interface RawObject {
  readonly id: string;
  readonly attributes: {
    readonly [name: string]: unknown;
    readonly last_analysis_results: Readonly<Record<string, RawResult>>;
    readonly results: Readonly<Record<string, RawResult>>;
    readonly last_analysis_date: number;
    readonly url: string;
    readonly categories: Readonly<Record<string, string>>;
  };
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, recorded), 'utf8'));
const rawObject = (name: string): RawObject => read(name).data;
const rawList = (name: string): RawObject[] => read(name).data;

const silent = ['type-unsupported', 'timeout', 'confirmed-timeout', 'failure'];

function spoken(results: Readonly<Record<string, RawResult>>): [string, RawResult][] {
  return Object.entries(results).filter(([, { category }]) => !silent.includes(category));
}

function counted(results: Readonly<Record<string, RawResult>>) {
  const all = spoken(results);
  const positives = all.filter(([, { category }]) => category === 'malicious').length;
  const percent = (positives * 100) / all.length;
  return { positives, total: all.length, aggregate: Number(percent.toFixed(0)) };
}

/** By the calendar in UTC, not by the code under test. */
function dateOf(epoch: number): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
    timeZone: 'UTC',
  }).format(epoch * 1000);
  return parts.replace(', ', ' ');
}

describe('recorded answers', () => {
  it.each([
    ['file-2026', 59, 72, 'trojan.hosts2/qhost', 'Win32 EXE', '2010-04-10 09:34:59'],
    ['file-2020', 57, 70, null, null, null],
  ])('%s', (name, positives, total, threat, type, first) => {
    const { id, attributes: a } = rawObject(name);
    const scan = `${id}-${a.last_analysis_date}`;
    const output = fileReputationFound(
      { resource: 'asked', scanId: null },
      schemas.fileObject.parse(read(name)),
    );
    expect(output).toEqual({
      permalink: `https://www.virustotal.com/gui/file/${a.sha256}/detection/f-${scan}`,
      ...counted(a.last_analysis_results),
      resource: 'asked',
      scan_date: dateOf(a.last_analysis_date),
      scan_id: scan,
      scans: Object.fromEntries(
        spoken(a.last_analysis_results).map(([engine, r]) => [
          engine,
          {
            detected: r.category === 'malicious',
            version: r.engine_version,
            result: r.result,
            update: r.engine_update,
          },
        ]),
      ),
      verbose_msg: 'Scan finished, information embedded',
      response_code: 1,
      threat_label: threat,
      type_description: type ?? a.type_description,
      first_submission_date: first ?? dateOf(Number(a.first_submission_date)),
    });
    expect(output).toMatchObject({ positives, total });
    expect(Object.keys(output.scans)).toHaveLength(total);
  });

  it('polls the recorded analysis of a file: merged up to 60 s before, queued after', () => {
    const object = schemas.fileObject.parse(read('file-2026'));
    const { id, attributes: a } = rawObject('file-2026');
    const ask = (epoch: number) => {
      const scanId = parseFileScanId(`${id}-${epoch}`);
      return fileReputationFound({ resource: scanId.original, scanId }, object);
    };
    expect(ask(a.last_analysis_date + 60)).toMatchObject({ response_code: 1, positives: 59 });
    expect(ask(a.last_analysis_date + 61)).toMatchObject({ response_code: -2, positives: null });
  });

  const words: Readonly<Record<string, string>> = {
    clean: 'clean site',
    unrated: 'unrated site',
    malware: 'malware site',
    phishing: 'phishing site',
    malicious: 'malicious site',
    suspicious: 'suspicious site',
  };
  const urlScans = (results: Readonly<Record<string, RawResult>>) =>
    Object.fromEntries(
      spoken(results).map(([engine, { category, result }]) => [
        engine,
        { detected: category === 'malicious', result: words[String(result)] },
      ]),
    );

  it.each([
    ['url-2021', 5, 90, 6],
    ['url-2020', 0, 79, 0],
  ])('%s', (name, positives, total, aggregate) => {
    const { id, attributes: a } = rawObject(name);
    // The author of the second recording put an analysis id in place of the object's.
    const sha256 = id.startsWith('u-') ? id.split('-')[1] : id;
    const scan = `${sha256}-${a.last_analysis_date}`;
    const asked = { resource: 'asked', url: 'http://asked/', scanId: null };
    expect(urlReputationFound(asked, schemas.urlObject.parse(read(name)))).toEqual({
      permalink: `https://www.virustotal.com/gui/url/${sha256}/detection/u-${scan}`,
      ...{ positives, total, aggregate },
      ...counted(a.last_analysis_results),
      resource: 'asked',
      url: a.url,
      scan_date: dateOf(a.last_analysis_date),
      scan_id: scan,
      scans: urlScans(a.last_analysis_results),
      verbose_msg: 'Scan finished, scan information embedded in this object',
      response_code: 1,
    });
    if (sha256 === id) expect(createHash('sha256').update(a.url).digest('hex')).toBe(sha256);
  });

  it('analysis-url-completed', () => {
    const { id, attributes: a } = rawObject('analysis-url-completed');
    const scanId = parseUrlScanId(id);
    const analysis = schemas.analysisObject.parse(read('analysis-url-completed'));
    expect(urlReputationFromAnalysis({ resource: id, url: null, scanId }, analysis)).toEqual({
      permalink: `https://www.virustotal.com/gui/url/${id.split('-')[1]}/detection/${id}`,
      ...{ positives: 0, total: 79, aggregate: 0 },
      resource: id,
      url: 'http://virustotal.com/',
      scan_date: '2020-09-03 08:37:11',
      scan_id: id.slice(2),
      scans: urlScans(a.results),
      verbose_msg: 'Scan finished, scan information embedded in this object',
      response_code: 1,
    });
  });

  it('ip-2020: no date of analysis, statistics off by one', () => {
    const { attributes: a } = rawObject('ip-2020');
    const none = { unavailable: 'tier' } as const;
    const lists = { downloadedFiles: none, referrerFiles: none, urls: none };
    const object = schemas.ipObject.parse(read('ip-2020'));
    expect(ipReputationFound('8.8.8.8', object, lists)).toEqual({
      ...{ as_owner: 'Google LLC', asn: 15_169, country: 'US' },
      ...{ positives: 0, total: 93, aggregate: 0 },
      ...counted(a.last_analysis_results),
      detected_downloaded_samples: null,
      detected_referrer_samples: null,
      detected_urls: null,
      response_code: 1,
      verbose_msg: 'IP address in dataset',
      resource: '8.8.8.8',
      permalink: 'https://www.virustotal.com/gui/ip-address/8.8.8.8',
      scan_date: null,
      unavailable: {
        detected_downloaded_samples: 'tier',
        detected_referrer_samples: 'tier',
        detected_urls: 'tier',
      },
      truncated: [],
    });
  });

  it.each([
    ['domain-2026', 'google.com', 1, 91, '2026-08-19 15:20:09', 1_785_820_259],
    ['domain-2020', 'virustotal.com', 0, 93, null, null],
  ])('%s, with the recorded lists', (name, domain, positives, total, date, whoisDate) => {
    const { attributes: a } = rawObject(name);
    const files = rawList('domain-downloaded-files');
    const urls = rawList('domain-urls');
    const page = (list: string) => schemas.relatedObjects.parse(read(list));
    const output = domainReputationFound(domain, schemas.domainObject.parse(read(name)), {
      downloadedFiles: page('domain-downloaded-files'),
      urls: page('domain-urls'),
    });
    expect(output).toEqual({
      categories: Object.values(a.categories),
      ...{ domain_siblings: null, subdomains: null },
      ...{ positives, total },
      ...counted(a.last_analysis_results),
      detected_downloaded_samples: files.map(({ id, attributes }) => {
        const { aggregate: _, ...counts } = counted(attributes.last_analysis_results);
        return { date: dateOf(attributes.last_analysis_date), ...counts, sha256: id };
      }),
      undetected_downloaded_samples: [],
      detected_urls: urls.map(({ attributes }) => ({
        url: attributes.url,
        ...counted(attributes.last_analysis_results),
        scan_date: dateOf(attributes.last_analysis_date),
      })),
      whois: a.whois,
      whois_timestamp: whoisDate ?? a.whois_date,
      verbose_msg: 'Domain found in dataset',
      response_code: 1,
      resource: domain,
      permalink: `https://www.virustotal.com/gui/domain/${domain}`,
      scan_date: date,
      unavailable: { domain_siblings: 'absent', subdomains: 'absent' },
      truncated: ['detected_downloaded_samples', 'undetected_downloaded_samples', 'detected_urls'],
    });
    expect(output.detected_downloaded_samples?.[0]).toEqual({
      ...{ date: '2019-10-19 22:33:00', positives: 6, total: 60 },
      sha256: files[0]?.id,
    });
    expect(output.detected_urls?.[1]).toMatchObject({ positives: 4, total: 71, aggregate: 6 });
  });

  it('domain-siblings-empty is an empty page, not an absent one', () => {
    const page = schemas.relatedObjects.parse(read('domain-siblings-empty'));
    expect(page).toEqual({ objects: [], isCut: false });
  });

  it.each([
    ['file-upload', 1_599_055_356],
    ['file-analyse', 1_599_055_355],
  ])('%s is queued under the scan_id of its epoch', (name, epoch) => {
    const digests = { md5: '68b329da9893e34099c7d8ad5cb9c940', sha1: 'b', sha256: 'c' };
    const { id } = schemas.analysisDescriptor.parse(read(name));
    expect(submitFileQueued(digests, id)).toMatchObject({
      scan_id: `c-${epoch}`,
      permalink: `https://www.virustotal.com/gui/file/c/detection/f-c-${epoch}`,
    });
  });

  it('url-analyse is queued under the digest of the canonical URL', () => {
    const { id } = schemas.analysisDescriptor.parse(read('url-analyse'));
    const url = 'http://www.google.com/';
    const digest = createHash('sha256').update(url).digest('hex');
    expect(submitUrlQueued(url, id)).toMatchObject({
      scan_id: `${digest}-1599055354`,
      scan_date: '2020-09-02 14:02:34',
      permalink: `https://www.virustotal.com/gui/url/${digest}/detection/u-${digest}-1599055354`,
    });
  });

  it.each(['error-404', 'error-401', 'error-429'])('%s is no object', (name) => {
    for (const schema of [schemas.fileObject, schemas.relatedObjects, schemas.analysisObject]) {
      expect(schema.safeParse(read(name)).success).toBe(false);
    }
  });
});
