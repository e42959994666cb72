import { describe, expect, it } from 'vitest';
import { PREMIUM_KEY } from '../src/simulator.ts';
import { ask, at, error, start } from './harness.ts';

const forbidden = error(
  'ForbiddenError',
  'You are not authorized to perform the requested operation',
);

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

  it.each(['downloaded_files', 'urls'])('%s require a premium key', async (name) => {
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

  it('are complete objects, some of them deleted', async () => {
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

  it.each(['nothing', 'constructor', '__proto__'])('do not include %s', async (name) => {
    const simulator = await start();
    expect((await ask(simulator, `/domains/example.com/${name}`)).status).toBe(400);
  });
});
