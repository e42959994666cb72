import { describe, expect, it } from 'vitest';
import {
  ipReputationFound,
  ipReputationNotSent,
  ipReputationRunning,
  ipReputationUnknown,
} from '../../../../shared/operations/ip-reputation/map.ts';
import { ipObject, relatedObjects } from '../../../../shared/virustotal/answers/index.ts';
import { fixture } from '../../../fixtures/virustotal/fixture.ts';

const IP = '203.0.113.7';
const address = ipObject.parse(fixture('ip-found'));
const files = relatedObjects.parse(fixture('page-files'));
const urls = relatedObjects.parse(fixture('page-urls'));

const detectedFiles = [
  { date: '2023-11-14 22:13:20', positives: 2, total: 5, sha256: '2e'.repeat(32) },
  { date: '2020-09-13 12:26:40', positives: 4, total: 64, sha256: '5b'.repeat(32) },
];
const detectedUrls = [
  {
    ...{ url: 'http://example.com/a', positives: 3, total: 8, aggregate: 38 },
    scan_date: '2023-11-14 22:13:20',
  },
];
const report = {
  as_owner: 'Example Networks',
  asn: 64_496,
  country: 'NZ',
  aggregate: 33,
  positives: 1,
  total: 3,
  response_code: 1,
  verbose_msg: 'IP address in dataset',
  resource: IP,
  permalink: 'https://www.virustotal.com/gui/ip-address/203.0.113.7',
  scan_date: '2023-11-14 22:15:00',
};

describe('an address that VirusTotal knows', () => {
  it('is its report, with lists of what was detected', () => {
    const lists = { downloadedFiles: files, referrerFiles: files, urls };
    expect(ipReputationFound(IP, address, lists)).toEqual({
      ...report,
      detected_downloaded_samples: detectedFiles,
      detected_referrer_samples: detectedFiles,
      detected_urls: detectedUrls,
      unavailable: {},
      truncated: ['detected_downloaded_samples', 'detected_referrer_samples'],
    });
  });

  it('says why each list is null, and keeps empty lists apart', () => {
    const lists = {
      downloadedFiles: { unavailable: 'premium' },
      referrerFiles: { objects: [], isCut: false },
      urls: { unavailable: 'tier' },
    } as const;
    expect(ipReputationFound(IP, address, lists)).toEqual({
      ...report,
      detected_downloaded_samples: null,
      detected_referrer_samples: [],
      detected_urls: null,
      unavailable: { detected_downloaded_samples: 'premium', detected_urls: 'tier' },
      truncated: [],
    });
  });

  it('is known without results', () => {
    const bare = ipObject.parse({ data: { id: IP, attributes: {} } });
    const summary = { unavailable: 'summary' } as const;
    const lists = { downloadedFiles: summary, referrerFiles: summary, urls: summary };
    expect(ipReputationFound(IP, bare, lists)).toEqual({
      ...report,
      ...{ as_owner: null, asn: null, country: null },
      ...{ aggregate: null, positives: 0, total: 0, scan_date: null },
      detected_downloaded_samples: null,
      detected_referrer_samples: null,
      detected_urls: null,
      unavailable: {
        detected_downloaded_samples: 'summary',
        detected_referrer_samples: 'summary',
        detected_urls: 'summary',
      },
      truncated: [],
    });
  });
});

it.each([
  ['is unknown', () => ipReputationUnknown(IP), 0, 'IP address not found in dataset'],
  ['has no report yet', () => ipReputationRunning(IP), -2, 'Your resource is queued for analysis'],
  ['is not sent', () => ipReputationNotSent(IP, 'because'), 0, 'because'],
])('an address that %s has nothing', (_, output, responseCode, verboseMsg) => {
  expect(output()).toEqual({
    ...{ as_owner: null, asn: null, country: null, aggregate: null, positives: null, total: null },
    detected_downloaded_samples: null,
    detected_referrer_samples: null,
    detected_urls: null,
    ...{ response_code: responseCode, verbose_msg: verboseMsg, resource: IP, permalink: null },
    scan_date: null,
    unavailable: {
      detected_downloaded_samples: 'absent',
      detected_referrer_samples: 'absent',
      detected_urls: 'absent',
    },
    truncated: [],
  });
});
