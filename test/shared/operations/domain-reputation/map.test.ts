import { describe, expect, it } from 'vitest';
import {
  domainReputationFound,
  domainReputationNotSent,
  domainReputationRunning,
  domainReputationUnknown,
} from '../../../../shared/operations/domain-reputation/map.ts';
import { domainObject, relatedObjects } from '../../../../shared/virustotal/answers/index.ts';
import { fixture } from '../../../fixtures/virustotal/fixture.ts';

const DOMAIN = 'example.com';
const domain = domainObject.parse(fixture('domain-found'));
const downloadedFiles = relatedObjects.parse(fixture('page-files'));
const urls = relatedObjects.parse(fixture('page-urls'));

const report = {
  aggregate: 33,
  positives: 1,
  total: 3,
  response_code: 1,
  verbose_msg: 'Domain found in dataset',
  resource: DOMAIN,
  permalink: 'https://www.virustotal.com/gui/domain/example.com',
  scan_date: '2023-11-14 22:15:00',
  categories: ['education', 'reference'],
  domain_siblings: [],
  subdomains: ['d0.example.com', 'd1.example.com', 'd2.example.com'],
  whois: 'Domain Name: EXAMPLE.COM',
  whois_timestamp: 1_700_000_000,
};

describe('a domain that VirusTotal knows', () => {
  it('is its report, with its files by detection', () => {
    expect(domainReputationFound(DOMAIN, domain, { downloadedFiles, urls })).toEqual({
      ...report,
      detected_downloaded_samples: [
        { date: '2023-11-14 22:13:20', positives: 2, total: 5, sha256: '2e'.repeat(32) },
        { date: '2020-09-13 12:26:40', positives: 4, total: 64, sha256: '5b'.repeat(32) },
      ],
      undetected_downloaded_samples: [
        { date: null, positives: 0, total: 1, sha256: '4a'.repeat(32) },
      ],
      detected_urls: [
        {
          ...{ url: 'http://example.com/a', positives: 3, total: 8, aggregate: 38 },
          scan_date: '2023-11-14 22:13:20',
        },
      ],
      unavailable: {},
      truncated: ['detected_downloaded_samples', 'undetected_downloaded_samples', 'subdomains'],
    });
  });

  it('says why each list is null', () => {
    const lists = {
      downloadedFiles: { unavailable: 'premium' },
      urls: { unavailable: 'summary' },
    } as const;
    expect(domainReputationFound(DOMAIN, domain, lists)).toEqual({
      ...report,
      detected_downloaded_samples: null,
      undetected_downloaded_samples: null,
      detected_urls: null,
      unavailable: {
        detected_downloaded_samples: 'premium',
        undetected_downloaded_samples: 'premium',
        detected_urls: 'summary',
      },
      truncated: ['subdomains'],
    });
  });

  it('is known without results, and invents no list', () => {
    const bare = domainObject.parse({ data: { id: DOMAIN, attributes: {} } });
    const tier = { unavailable: 'tier' } as const;
    expect(domainReputationFound(DOMAIN, bare, { downloadedFiles: tier, urls: tier })).toEqual({
      ...report,
      ...{ aggregate: null, positives: 0, total: 0, scan_date: null },
      ...{ categories: null, domain_siblings: null, subdomains: null },
      ...{ whois: null, whois_timestamp: null },
      detected_downloaded_samples: null,
      undetected_downloaded_samples: null,
      detected_urls: null,
      unavailable: {
        ...{ categories: 'absent', domain_siblings: 'absent', subdomains: 'absent' },
        detected_downloaded_samples: 'tier',
        undetected_downloaded_samples: 'tier',
        detected_urls: 'tier',
      },
      truncated: [],
    });
  });
});

it.each([
  ['is unknown', () => domainReputationUnknown(DOMAIN), 0, 'Domain not found'],
  [
    'has no report yet',
    () => domainReputationRunning(DOMAIN),
    -2,
    'Your resource is queued for analysis',
  ],
  ['is not sent', () => domainReputationNotSent(DOMAIN, 'because'), 0, 'because'],
])('a domain that %s has nothing', (_, output, responseCode, verboseMsg) => {
  const lists = [
    ...['categories', 'domain_siblings', 'subdomains', 'detected_urls'],
    ...['detected_downloaded_samples', 'undetected_downloaded_samples'],
  ];
  expect(output()).toEqual({
    ...Object.fromEntries(lists.map((list) => [list, null])),
    ...{ aggregate: null, positives: null, total: null, whois: null, whois_timestamp: null },
    ...{ response_code: responseCode, verbose_msg: verboseMsg, resource: DOMAIN, permalink: null },
    scan_date: null,
    unavailable: Object.fromEntries(lists.map((list) => [list, 'absent'])),
    truncated: [],
  });
});
