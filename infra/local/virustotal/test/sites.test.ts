import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PREMIUM_KEY, samples } from '../src/simulator.ts';
import { ask, at, error, NOON, start } from './harness.ts';

const EPOCH = NOON / 1000;
const forbidden = error(
  'ForbiddenError',
  'You are not authorized to perform the requested operation',
);

function categories(json: unknown): readonly unknown[] {
  const results = at(json, 'data', 'attributes', 'last_analysis_results');
  return Object.values(Object(results)).map((result) => at(result, 'category'));
}

function count(json: unknown, category: string): number {
  return categories(json).filter((given) => given === category).length;
}

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

  it('may have statistics that are off by one from its results', async () => {
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

  it('is answered even when it is private: whoever must not send it has to see to that', async () => {
    const simulator = await start();
    const { status, json } = await ask(simulator, '/ip_addresses/192.168.0.1');
    expect(status).toBe(200);
    expect(at(json, 'data', 'attributes')).not.toHaveProperty('as_owner');
    expect(categories(json).length).toBeGreaterThan(80);
  });

  it('is unknown in 192.0.2.0/24, and refused when malformed', async () => {
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

  it('may be unknown or never analysed', async () => {
    const simulator = await start();
    expect((await ask(simulator, '/domains/unknown42.example.com')).status).toBe(404);
    const quiet = await ask(simulator, '/domains/quiet.example.org');
    expect(quiet.status).toBe(200);
    expect(at(quiet.json, 'data', 'attributes')).not.toHaveProperty('last_analysis_date');
  });

  it.each(['single', 'a..b', 'host.test', '203.0.113.7', 'bücher.example.com', '-a.example.com'])(
    'is refused as %s',
    async (domain) => {
      const simulator = await start();
      const { status, json } = await ask(simulator, `/domains/${encodeURIComponent(domain)}`);
      expect(status).toBe(400);
      expect(json).toEqual(
        error('InvalidArgumentError', `Domain "${domain}" is not a valid domain pattern`),
      );
    },
  );
});

describe('related objects', () => {
  it('come inline, 20 of each, with a cursor when there are more', async () => {
    const simulator = await start();
    const { json } = await ask(simulator, '/domains/example.com?relationships=siblings,subdomains');
    const relationships = at(json, 'data', 'relationships');
    expect(at(relationships, 'siblings', 'data')).toEqual([
      { type: 'domain', id: 'example.net' },
      { type: 'domain', id: 'example.org' },
    ]);
    expect(at(relationships, 'siblings')).not.toHaveProperty('meta');
    expect(at(relationships, 'siblings', 'links')).not.toHaveProperty('next');
    expect(at(relationships, 'subdomains', 'data')).toHaveLength(20);
    expect(at(relationships, 'subdomains', 'meta', 'cursor')).toBe('STIwCi4=');
    expect(at(relationships, 'subdomains', 'links', 'next')).toContain('cursor=STIwCi4%3D');
  });

  it('come in pages of 10, at most 40', async () => {
    const simulator = await start();
    const path = '/domains/example.com/subdomains';
    const first = await ask(simulator, path);
    expect(at(first.json, 'data')).toHaveLength(10);
    expect(at(first.json, 'data', 0, 'attributes', 'tld')).toBe('com');
    const long = await ask(simulator, `${path}?limit=40`);
    expect(at(long.json, 'data')).toHaveLength(40);
    const last = await ask(simulator, String(at(long.json, 'links', 'next')));
    expect(at(last.json, 'data')).toHaveLength(5);
    expect(at(last.json, 'data', 0, 'id')).toBe('host40.example.com');
    expect(last.json).not.toHaveProperty('meta');
    for (const query of ['limit=41', 'limit=0', 'limit=x', 'cursor=x']) {
      expect((await ask(simulator, `${path}?${query}`)).status).toBe(400);
    }
  });

  it.each(['downloaded_files', 'urls'])('%s take a premium key', async (name) => {
    const simulator = await start();
    for (const path of [
      `/ip_addresses/203.0.113.7/${name}`,
      `/domains/malware.example.com/${name}`,
      `/domains/malware.example.com/relationships/${name}`,
      `/domains/malware.example.com?relationships=${name}`,
    ]) {
      const refused = await ask(simulator, path);
      expect([refused.status, refused.json]).toEqual([403, forbidden]);
      expect((await ask(simulator, path, {}, PREMIUM_KEY)).status).toBe(200);
    }
  });

  it('are whole objects, some of them gone', async () => {
    const simulator = await start();
    const path = '/ip_addresses/203.0.113.7/referrer_files?limit=40';
    const { status, json } = await ask(simulator, path);
    expect(status).toBe(200);
    expect(at(json, 'data', 0, 'attributes', 'last_analysis_stats', 'malicious')).toBeGreaterThan(
      9,
    );
    expect(at(json, 'data', 1, 'attributes', 'last_analysis_stats', 'malicious')).toBe(0);
    expect(at(json, 'data', 2)).toEqual({
      type: 'file',
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      error: { code: 'NotFoundError', message: expect.any(String) },
    });
    const file = await ask(simulator, `/files/${at(json, 'data', 0, 'id')}`);
    expect(file.json).toEqual({ data: at(json, 'data', 0) });
    const urls = await ask(simulator, '/ip_addresses/2001:db8::7/urls', {}, PREMIUM_KEY);
    expect(at(urls.json, 'data', 1, 'attributes', 'url')).toBe('http://[2001:db8::7]/page1');
  });

  it.each(['nothing', 'constructor', '__proto__'])('there is no %s', async (name) => {
    const simulator = await start();
    expect((await ask(simulator, `/domains/example.com/${name}`)).status).toBe(400);
  });
});

it('every sample is as the table says', async () => {
  const simulator = await start();
  const paths = { file: 'files', url: 'urls', ip_address: 'ip_addresses', domain: 'domains' };
  for (const { kind, id, verdict } of samples) {
    const asked = kind === 'url' ? Buffer.from(id).toString('base64url') : id;
    const { status, json } = await ask(simulator, `/${paths[kind]}/${asked}`);
    const found = categories(json);
    const has = (category: string) => found.includes(category);
    const shown =
      status === 404
        ? 'unknown'
        : found.length === 0
          ? 'never analysed'
          : count(json, 'malicious') > 3
            ? 'malicious'
            : has('suspicious')
              ? 'suspicious'
              : 'clean';
    expect(`${id} ${shown}`).toBe(`${id} ${verdict === 'eicar' ? 'malicious' : verdict}`);
  }
});
