/** The reputation functions and submit_url: their requests to VirusTotal, and their outputs. */

import { PREMIUM_KEY } from '@local/virustotal';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileReport } from '../shared/virustotal/harness.ts';
import { secretOf, startFunction } from '../support/functions.ts';

const MD5 = '44d88612fea8a8f36de82e1278abb02f';
const SHA256 = 'ab'.repeat(32);
const RUNNING = 'Your resource is queued for analysis';
const IP_LISTS = ['detected_downloaded_samples', 'detected_referrer_samples', 'detected_urls'];
const DOMAIN_LISTS = [
  'detected_downloaded_samples',
  'undetected_downloaded_samples',
  'detected_urls',
];

const premium = {
  environment: { VIRUSTOTAL_TIER: 'premium' },
  secrets: [secretOf(PREMIUM_KEY)],
};

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const seconds = (ms = Date.now()) => Math.floor(ms / 1000);
const fieldOf = (value: unknown, field: string): unknown => Reflect.get(Object(value), field);
const all = (lists: readonly string[], reason: string) =>
  Object.fromEntries(lists.map((list) => [list, reason]));

describe('ip_reputation', () => {
  const IP = '203.0.113.7';

  it('reads the one list that a public key may read', async () => {
    const { invoke, asked } = await startFunction('ip_reputation');
    const output = await invoke({ ip: '203[.]0.113.7' });
    expect(output).toMatchObject({
      resource: IP,
      response_code: 1,
      unavailable: { detected_downloaded_samples: 'tier', detected_urls: 'tier' },
      detected_downloaded_samples: null,
      detected_urls: null,
      detected_referrer_samples: expect.any(Array),
    });
    expect(asked()).toEqual([
      `GET /ip_addresses/${IP}`,
      `GET /ip_addresses/${IP}/referrer_files?limit=40`,
    ]);
  });

  it('reads all lists with a premium key', async () => {
    const { invoke, asked } = await startFunction('ip_reputation', premium);
    const output = await invoke({ ip: IP });
    expect(output).toMatchObject({ unavailable: {} });
    for (const list of IP_LISTS) expect(fieldOf(output, list), list).toEqual(expect.any(Array));
    expect(asked()).toHaveLength(4);
  });

  it('says premium if VirusTotal refuses the list', async () => {
    const environment = { VIRUSTOTAL_TIER: 'premium' };
    const { invoke } = await startFunction('ip_reputation', { environment });
    expect(await invoke({ ip: IP })).toMatchObject({
      response_code: 1,
      unavailable: { detected_downloaded_samples: 'premium', detected_urls: 'premium' },
      detected_referrer_samples: expect.any(Array),
    });
  });

  it.each([
    ['error', { kind: 'answer', status: 500 }],
    ['error', { kind: 'answer', status: 400, code: 'BadRequestError' }],
    ['error', { kind: 'answer', status: 200, body: 'html' }],
    ['error', { kind: 'answer', status: 401 }],
    ['quota', { kind: 'quota-exceeded', retryAfter: 60 }],
  ] as const)('answers with %s for a list that fails: %j', async (reason, fault) => {
    const { simulator, invoke } = await startFunction('ip_reputation', premium);
    simulator.fault({ ...fault, times: 'always', match: { path: `/ip_addresses/${IP}/urls` } });
    const output = await invoke({ ip: IP });
    expect(output).toMatchObject({
      response_code: 1,
      detected_urls: null,
      detected_referrer_samples: expect.any(Array),
      verdict: { value: expect.stringMatching(/clean|malicious|suspicious/) },
    });
    expect(fieldOf(output, 'unavailable')).toEqual({ detected_urls: reason });
  });

  it('makes exactly one request for a summary', async () => {
    const environment = { VIRUSTOTAL_TIER: 'premium' };
    const { invoke, asked } = await startFunction('ip_reputation', { environment });
    expect(await invoke({ ip: IP, details: 'summary' })).toMatchObject({
      unavailable: all(IP_LISTS, 'summary'),
    });
    expect(asked()).toEqual([`GET /ip_addresses/${IP}`]);
  });

  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:192.168.1.1', '192.168.1.1'],
    ['64:ff9b::a00:1', '10.0.0.1'],
    ['fe80::1', 'fe80::1'],
  ])('does not send %s to VirusTotal', async (ip, resource) => {
    const { invoke, asked } = await startFunction('ip_reputation');
    expect(await invoke({ ip })).toMatchObject({
      resource,
      response_code: 0,
      verbose_msg: expect.stringContaining(`Not sent to VirusTotal: ${resource} is not`),
      positives: null,
      total: null,
      aggregate: null,
    });
    expect(asked()).toEqual([]);
  });

  it('reports an unknown address as unknown, not as clean', async () => {
    const { invoke, asked } = await startFunction('ip_reputation');
    expect(await invoke({ ip: '192.0.2.1' })).toMatchObject({
      response_code: 0,
      verbose_msg: 'IP address not found in dataset',
      positives: null,
      aggregate: null,
    });
    expect(asked()).toHaveLength(1);
  });
});

describe('domain_reputation', () => {
  const GET = 'GET /domains/example.com?relationships=siblings%2Csubdomains';

  it('reads siblings and subdomains with one request', async () => {
    const { invoke, asked } = await startFunction('domain_reputation');
    expect(await invoke({ domain: 'EXAMPLE[.]com.' })).toMatchObject({
      resource: 'example.com',
      response_code: 1,
      domain_siblings: expect.any(Array),
      subdomains: expect.any(Array),
      truncated: ['subdomains'],
      unavailable: all(DOMAIN_LISTS, 'tier'),
    });
    expect(asked()).toEqual([GET]);
  });

  it('makes exactly one request for a summary', async () => {
    const environment = { VIRUSTOTAL_TIER: 'premium' };
    const { invoke, asked } = await startFunction('domain_reputation', { environment });
    expect(await invoke({ domain: 'example.com', details: 'summary' })).toMatchObject({
      subdomains: expect.any(Array),
      unavailable: all(DOMAIN_LISTS, 'summary'),
    });
    expect(asked()).toEqual([GET]);
  });

  it('reads all lists with a premium key', async () => {
    const { invoke, asked } = await startFunction('domain_reputation', premium);
    expect(await invoke({ domain: 'malware.example.com' })).toMatchObject({
      detected_downloaded_samples: expect.any(Array),
      undetected_downloaded_samples: expect.any(Array),
      detected_urls: expect.any(Array),
    });
    expect(asked().slice(1).sort()).toEqual([
      'GET /domains/malware.example.com/downloaded_files?limit=40',
      'GET /domains/malware.example.com/urls?limit=40',
    ]);
  });

  it('sends an internationalised name in A-labels', async () => {
    const { invoke, asked } = await startFunction('domain_reputation');
    expect(await invoke({ domain: 'BÜCHER.example.com' })).toMatchObject({
      resource: 'xn--bcher-kva.example.com',
    });
    expect(asked()[0]).toContain('GET /domains/xn--bcher-kva.example.com?');
  });

  it.each(['intranet', 'printer.local', 'a.internal', 'b.onion'])(
    'does not send %s to VirusTotal',
    async (domain) => {
      const { invoke, asked } = await startFunction('domain_reputation');
      expect(await invoke({ domain })).toMatchObject({
        response_code: 0,
        verbose_msg: expect.stringContaining(`Not sent to VirusTotal: ${domain} is `),
      });
      expect(asked()).toEqual([]);
    },
  );
});

describe.each([
  ['file_reputation', { hash: MD5 }, '/files/'],
  ['url_reputation', { url: 'http://example.com/' }, '/urls/'],
  ['ip_reputation', { ip: '203.0.113.7' }, '/ip_addresses/'],
  ['domain_reputation', { domain: 'example.com' }, '/domains/'],
])('%s', (name, input, path) => {
  it('is -2 while VirusTotal has no report yet', async () => {
    const { simulator, invoke, asked } = await startFunction(name);
    simulator.fault({ kind: 'not-available-yet' });
    expect(await invoke(input)).toMatchObject({
      response_code: -2,
      verbose_msg: RUNNING,
      positives: null,
      total: null,
      aggregate: null,
      verdict: { value: 'pending' },
    });
    expect(asked()).toEqual([expect.stringContaining(`GET ${path}`)]);
  });
});

describe('file_reputation', () => {
  it('makes exactly one request, and returns the requested resource', async () => {
    const { invoke, asked } = await startFunction('file_reputation');
    const resource = MD5.toUpperCase();
    const output = await invoke({ hash: ` ${resource}\n` });
    expect(output).toMatchObject({ resource, response_code: 1 });
    expect(asked()).toEqual([`GET /files/${MD5}`]);
  });

  it.each([
    ['an hour ago', -3_600, { response_code: -2, scan_id: expect.stringMatching(/^(ab){32}-/) }],
    ['25 hours ago', -90_000, { response_code: 0, scan_id: null }],
  ])('polls for a file that VirusTotal does not know yet, queued %s', async (_, ago, expected) => {
    const { invoke, asked } = await startFunction('file_reputation');
    const output = await invoke({ scan_id: `${SHA256}-${seconds() + ago}` });
    expect(output).toMatchObject({ ...expected, positives: null, scans: {} });
    expect(asked()).toEqual([`GET /files/${SHA256}`]);
  });

  it.each([
    ['reached', 0, 1],
    ['reached within the tolerance', 60, 1],
    ['not reached', 61, -2],
  ])('polls for an analysis that the report has %s', async (_, later, code) => {
    const { simulator, invoke } = await startFunction('file_reputation');
    simulator.fault({ kind: 'answer', status: 200, json: fileReport(SHA256) });
    expect(await invoke({ scan_id: `${SHA256}-${1_700_000_000 + later}` })).toMatchObject({
      response_code: code,
    });
  });

  it('refuses a scan_id from the future, without a request', async () => {
    const { invoke, asked } = await startFunction('file_reputation');
    await expect(invoke({ scan_id: `${SHA256}-${seconds() + 400}` })).rejects.toMatchObject({
      name: 'InvalidInputError',
      message: expect.stringMatching(/^scan_id: got .* is in the future/),
    });
    expect(asked()).toEqual([]);
  });

  it('looks up an analysis by its v3 id for the analysis', async () => {
    const { invoke, asked } = await startFunction('file_reputation');
    const id = Buffer.from(`${MD5}:${seconds() - 60}`).toString('base64');
    await invoke({ scan_id: id });
    expect(asked()).toEqual([`GET /analyses/${encodeURIComponent(id)}`]);
  });
});

describe('submit_url, then url_reputation', () => {
  const options = { simulator: { queuedMs: 0, inProgressMs: 0 } };

  it('sends the URL refanged and without credentials, and names it in canonical form', async () => {
    const { simulator, invoke, asked } = await startFunction('submit_url');
    const output = await invoke({ url: 'hxxps://user:password@EXAMPLE[.]com:443?q=1#f' });
    expect(simulator.requests[0]?.submittedUrl).toBe('https://example.com:443?q=1#f');
    expect(output).toMatchObject({
      response_code: 1,
      scan_id: expect.stringMatching(/^[0-9a-f]{64}-[0-9]{10}$/),
      scan_date: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    });
    expect(fieldOf(output, 'resource')).toBe(fieldOf(output, 'url'));
    expect(JSON.stringify(output)).not.toMatch(/password|\[\.\]/);
    expect(asked()).toEqual(['POST /urls']);
  });

  it('is polled by its scan_id, in one request', async () => {
    const submitting = await startFunction('submit_url', options);
    const submitted = await submitting.invoke({ url: 'http://new.example.com/' });
    const environment = { VIRUSTOTAL_SERVER_URL: submitting.simulator.url };
    const { invoke } = await startFunction('url_reputation', { environment });
    const scanId = fieldOf(submitted, 'scan_id');
    expect(await invoke({ scan_id: scanId })).toMatchObject({
      resource: scanId,
      scan_id: scanId,
      url: 'http://new.example.com/',
      response_code: 1,
      permalink: fieldOf(submitted, 'permalink'),
    });
    expect(submitting.asked()).toHaveLength(2);
  });

  it.each(['http://localhost/', 'http://0x7f.1/x', 'http://[::ffff:10.0.0.1]/', 'router/login'])(
    'neither submits nor looks up %s',
    async (url) => {
      for (const name of ['submit_url', 'url_reputation']) {
        const { invoke, asked } = await startFunction(name);
        expect(await invoke({ url })).toMatchObject({
          response_code: 0,
          verbose_msg: expect.stringMatching(/^Not sent to VirusTotal: /),
        });
        expect(asked()).toEqual([]);
      }
    },
  );

  it('does not send a URL again if the first attempt may have arrived', async () => {
    const { simulator, invoke, asked } = await startFunction('submit_url');
    simulator.fault({ kind: 'reset', at: 'after-body', times: 'always' });
    await expect(invoke({ url: 'http://example.com/' })).rejects.toMatchObject({
      name: 'UpstreamUnavailableError',
    });
    expect(asked()).toHaveLength(1);
  });
});
