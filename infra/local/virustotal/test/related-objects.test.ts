import { describe, expect, it } from 'vitest';
import { PREMIUM_KEY } from '../src/simulator.ts';
import { ask, at, error, fieldsOf, start } from './harness.ts';

const EICAR_MD5 = '44d88612fea8a8f36de82e1278abb02f';
const idOf = (url: string) => Buffer.from(url).toString('base64url');
const EXAMPLE_URL = idOf('http://example.com/');

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
    ]) {
      const refused = await ask(simulator, path);
      expect([refused.status, refused.json]).toEqual([403, forbidden]);
      expect((await ask(simulator, path, {}, PREMIUM_KEY)).status).toBe(200);
    }
  });

  it.each(['downloaded_files', 'urls'])(
    'leave the others inline when %s require a premium key',
    async (name) => {
      const simulator = await start();
      const path = `/domains/malware.example.com?relationships=siblings,${name}`;
      const { status, json } = await ask(simulator, path);
      expect(status).toBe(200);
      const relationships = at(json, 'data', 'relationships');
      expect(at(relationships, name)).toEqual(forbidden);
      expect(at(relationships, 'siblings', 'data')).toHaveLength(3);
      const premium = await ask(simulator, path, {}, PREMIUM_KEY);
      expect(at(premium.json, 'data', 'relationships', name, 'data')).toHaveLength(20);
    },
  );

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

  it.each([
    [
      'ip_addresses/203.0.113.7',
      ['resolutions', 'historical_whois', 'comments', 'collections', 'votes'],
    ],
    [
      'domains/example.com',
      ['resolutions', 'historical_ssl_certificates', 'graphs', 'related_comments'],
    ],
    [
      `files/${EICAR_MD5}`,
      ['behaviours', 'comments', 'contacted_domains', 'dropped_files', 'votes'],
    ],
    [`urls/${EXAMPLE_URL}`, ['comments', 'graphs', 'collections', 'user_votes']],
  ])('are empty lists if VirusTotal has them and nothing is simulated: %s', async (path, names) => {
    const simulator = await start();
    for (const name of names) {
      for (const target of [`/${path}/${name}`, `/${path}/relationships/${name}`]) {
        const { status, json } = await ask(simulator, target);
        expect([status, at(json, 'data')]).toEqual([200, []]);
        expect(String(at(json, 'links', 'self'))).toMatch(new RegExp(`${name}\\?limit=10$`));
      }
    }
    const inline = await ask(simulator, `/${path}?relationships=${names.join(',')}`);
    expect(inline.status).toBe(200);
    const relationships = at(inline.json, 'data', 'relationships');
    expect(fieldsOf(relationships)).toEqual(names);
    for (const name of names) expect(at(relationships, name, 'data')).toEqual([]);
  });

  it.each([
    ['ip_addresses/203.0.113.7', 'related_threat_actors'],
    ['domains/example.com', 'mx_records'],
    [`files/${EICAR_MD5}`, 'similar_files'],
    [`urls/${EXAMPLE_URL}`, 'redirecting_urls'],
  ])('are empty lists for a premium key only: %s/%s', async (path, name) => {
    const simulator = await start();
    expect((await ask(simulator, `/${path}/${name}`)).status).toBe(403);
    const { status, json } = await ask(simulator, `/${path}/${name}`, {}, PREMIUM_KEY);
    expect([status, at(json, 'data')]).toEqual([200, []]);
  });

  it.each(['nothing', 'constructor', '__proto__', 'relationships', 'siblings '])(
    'do not include %j',
    async (name) => {
      const simulator = await start();
      const objects = [
        'domains/example.com',
        'ip_addresses/8.8.8.8',
        `files/${EICAR_MD5}`,
        `urls/${EXAMPLE_URL}`,
      ];
      for (const object of objects) {
        const encoded = encodeURIComponent(name);
        for (const target of [
          `${object}/${encoded}`,
          `${object}?relationships=comments,${encoded}`,
        ]) {
          const { status, json } = await ask(simulator, `/${target}`);
          expect(status).toBe(400);
          expect(json).toEqual(
            error('InvalidArgumentError', `Relationship "${name}" does not exist`),
          );
        }
      }
    },
  );

  it('of one object are none of another: files have no subdomains', async () => {
    const simulator = await start();
    expect((await ask(simulator, `/files/${EICAR_MD5}/subdomains`)).status).toBe(400);
    expect((await ask(simulator, '/ip_addresses/8.8.8.8/siblings')).status).toBe(400);
    expect((await ask(simulator, '/files/unknown/comments')).status).toBe(404);
  });
});
