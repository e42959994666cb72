import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ask, at, categories, count, error, NOON, start } from './harness.ts';

const EPOCH = NOON / 1000;

describe('an address', () => {
  it.each([
    ['203.0.113.7', 15],
    ['2001:DB8:0::7', 15],
    ['203.0.113.8', 2],
    ['198.51.100.1', 0],
    ['8.8.8.8', 0],
  ])('%s has a verdict of %d', async (ip, positives) => {
    const simulator = await start();
    const { status, json } = await ask(simulator, `/ip_addresses/${ip}`);
    expect(status).toBe(200);
    expect(count(json, 'malicious')).toBe(positives);
    expect(at(json, 'data', 'attributes')).toMatchObject({
      asn: 64_496,
      as_owner: 'Simulated Networks Ltd',
      country: 'DE',
      last_analysis_date: EPOCH - 86_400,
    });
  });

  it('may have statistics that differ by one from its results', async () => {
    const simulator = await start();
    const { json } = await ask(simulator, '/ip_addresses/198.51.100.1');
    const stated = at(json, 'data', 'attributes', 'last_analysis_stats', 'harmless');
    expect(stated).toBe(count(json, 'harmless') + 1);
  });

  it('may never have been analysed', async () => {
    const simulator = await start();
    const { status, json } = await ask(simulator, '/ip_addresses/198.51.100.99');
    expect(status).toBe(200);
    const attributes = at(json, 'data', 'attributes');
    for (const name of ['as_owner', 'asn', 'country', 'last_analysis_date']) {
      expect(attributes).not.toHaveProperty(name);
    }
  });

  it('has a report even if it is private', async () => {
    const simulator = await start();
    const { status, json } = await ask(simulator, '/ip_addresses/192.168.0.1');
    expect(status).toBe(200);
    expect(at(json, 'data', 'attributes')).not.toHaveProperty('as_owner');
    expect(categories(json).length).toBeGreaterThan(80);
  });

  it('is unknown in 192.0.2.0/24, and rejected if malformed', async () => {
    const simulator = await start();
    const unknown = await ask(simulator, '/ip_addresses/192.0.2.1');
    expect([unknown.status, at(unknown.json, 'error', 'code')]).toEqual([404, 'NotFoundError']);
    for (const ip of ['203.0.113', 'fe80::1%eth0', '1.2.3.4:80']) {
      const { status, json } = await ask(simulator, `/ip_addresses/${encodeURIComponent(ip)}`);
      expect(status).toBe(400);
      expect(json).toEqual(
        error('InvalidArgumentError', `IP "${ip}" is not a valid IP address pattern`),
      );
    }
  });

  it('is analysed again on request', async () => {
    const simulator = await start();
    const { json } = await ask(simulator, '/ip_addresses/8.8.8.8/analyse', { method: 'POST' });
    const hash = createHash('sha256').update('8.8.8.8').digest('hex');
    expect(at(json, 'data', 'id')).toBe(`i-${hash}-${EPOCH}`);
    simulator.clock.ms += 5000;
    const report = await ask(simulator, '/ip_addresses/8.8.8.8');
    expect(at(report.json, 'data', 'attributes', 'last_analysis_date')).toBe(EPOCH);
  });
});

describe('a domain', () => {
  it('has whois, categories and a report', async () => {
    const simulator = await start();
    const { json } = await ask(simulator, '/domains/Example.COM');
    expect(at(json, 'data', 'id')).toBe('example.com');
    expect(at(json, 'data', 'attributes')).toMatchObject({
      tld: 'com',
      whois: expect.stringContaining('Domain Name: EXAMPLE.COM\n'),
      whois_date: EPOCH - 30 * 86_400,
      categories: { Sophos: 'information technology' },
      last_analysis_stats: { malicious: 0 },
    });
    expect(at(json, 'data')).not.toHaveProperty('relationships');
    const bad = await ask(simulator, '/domains/malware.example.com');
    expect(count(bad.json, 'malicious')).toBe(15);
  });

  it('may have labels that begin or end with a hyphen, as names in DNS do', async () => {
    const simulator = await start();
    expect((await ask(simulator, '/domains/-sso.example.com')).status).toBe(200);
    expect((await ask(simulator, '/domains/foo-.example.com')).status).toBe(200);
  });

  it('may be unknown or never analysed', async () => {
    const simulator = await start();
    expect((await ask(simulator, '/domains/unknown42.example.com')).status).toBe(404);
    const quiet = await ask(simulator, '/domains/quiet.example.org');
    expect(quiet.status).toBe(200);
    expect(at(quiet.json, 'data', 'attributes')).not.toHaveProperty('last_analysis_date');
  });

  it.each([
    'single',
    'a..b',
    'host.test',
    '203.0.113.7',
    'bücher.example.com',
    `${'a'.repeat(64)}.example.com`,
  ])('is rejected as %s', async (domain) => {
    const simulator = await start();
    const { status, json } = await ask(simulator, `/domains/${encodeURIComponent(domain)}`);
    expect(status).toBe(400);
    expect(json).toEqual(
      error('InvalidArgumentError', `Domain "${domain}" is not a valid domain pattern`),
    );
  });
});
