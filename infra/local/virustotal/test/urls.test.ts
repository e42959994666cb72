import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalOf } from '../src/world/canonical.ts';
import { ask, at, error, NOON, postUrl, start } from './harness.ts';

const EPOCH = NOON / 1000;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const idOf = (url: string) => Buffer.from(url).toString('base64url');

const MULTIPART = 'multipart/form-data; boundary=b';
const partNamed = (name: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nhttp://example.com/\r\n`;

describe('the canonical form', () => {
  // The first four and their SHA-256 were recorded.
  it.each([
    ['http://www.google.com', 'http://www.google.com/'],
    ['www.yahoo.com', 'http://www.yahoo.com/'],
    ['http://github.com', 'http://github.com/'],
    ['http://virustotal.com/', 'http://virustotal.com/'],
    ['HTTP://Example.COM/Path?Query=A', 'http://example.com/Path?Query=A'],
    ['https://example.com:443/#top', 'https://example.com/'],
    ['example.com:8080/x', 'http://example.com:8080/x'],
    ['http://203.0.113.7', 'http://203.0.113.7/'],
  ])('of %s is %s', (given, canonical) => {
    expect(canonicalOf(given)).toBe(canonical);
  });

  it('leads to the recorded ids', () => {
    expect(sha256(canonicalOf('http://www.google.com') ?? '')).toMatch(/^dd014af5ed6b38d9/);
    expect(sha256(canonicalOf('www.yahoo.com') ?? '')).toMatch(/^ed91698b/);
    expect(sha256(canonicalOf('virustotal.com') ?? '')).toMatch(/^a354494a73382ea0/);
  });

  it.each([
    'ftp://example.com/',
    'mailto:someone@example.com',
    'http://',
    'http://single/',
    'http://a.test/',
    'javascript:alert(1)',
    '',
  ])('of %j does not exist', (given) => {
    expect(canonicalOf(given)).toBeNull();
  });
});

describe('a URL', () => {
  it('is found by its id and by any spelling after its analysis', async () => {
    const simulator = await start();
    const canonical = 'http://new.example.com/';
    const { json } = await postUrl(simulator, 'New.example.com');
    const id = `u-${sha256(canonical)}-${EPOCH}`;
    expect(at(json, 'data', 'id')).toBe(id);
    const queued = await ask(simulator, `/analyses/${id}`);
    expect(at(queued.json, 'meta')).toEqual({
      url_info: { id: sha256(canonical), url: canonical },
    });
    expect((await ask(simulator, `/urls/${sha256(canonical)}`)).status).toBe(404);
    simulator.clock.ms += 5000;
    for (const spelling of [
      sha256(canonical),
      ...['new.example.com', canonical, 'HTTP://NEW.example.com'].map(idOf),
    ]) {
      const found = await ask(simulator, `/urls/${spelling}`);
      expect(at(found.json, 'data', 'id')).toBe(sha256(canonical));
      expect(at(found.json, 'data', 'attributes')).toMatchObject({
        url: canonical,
        last_analysis_date: EPOCH,
        last_analysis_stats: { malicious: 0 },
      });
    }
  });

  it('gets its verdict from its host and its text', async () => {
    const simulator = await start({ queuedMs: 0, inProgressMs: 0 });
    const positives = async (url: string) => {
      await postUrl(simulator, url);
      const { json } = await ask(simulator, `/urls/${idOf(url)}`);
      return at(json, 'data', 'attributes', 'last_analysis_stats', 'malicious');
    };
    expect(await positives('http://malware.example.com/a/b')).toBeGreaterThan(10);
    expect(await positives('http://203.0.113.7/')).toBeGreaterThan(10);
    expect(await positives('http://www.example.com/simulated-malware')).toBeGreaterThan(10);
    expect(await positives('http://www.example.com/fine')).toBe(0);
  });

  it('has results without versions, in recorded words', async () => {
    const simulator = await start();
    const { json } = await ask(simulator, `/urls/${idOf('http://malware.example.com/')}`);
    const results: unknown[] = Object.values(
      Object(at(json, 'data', 'attributes', 'last_analysis_results')),
    );
    expect(results[0]).toEqual({
      method: 'blacklist',
      engine_name: '0xSI_f33d',
      category: 'malicious',
      result: 'malware',
    });
    expect([...new Set(results.map((result) => at(result, 'result')))].sort()).toEqual([
      'clean',
      'malicious',
      'malware',
      'phishing',
      'suspicious',
      'unrated',
    ]);
  });

  it('can be analysed again by its id', async () => {
    const simulator = await start();
    const { json } = await ask(simulator, `/urls/${idOf('example.com')}/analyse`, {
      method: 'POST',
    });
    expect(at(json, 'data', 'id')).toBe(`u-${sha256('http://example.com/')}-${EPOCH}`);
  });

  it('is rejected without a canonical form', async () => {
    const simulator = await start();
    const { status, json } = await postUrl(simulator, 'ftp://example.com/');
    expect(status).toBe(400);
    expect(json).toEqual(error('InvalidArgumentError', 'Unable to canonicalize url'));
    expect(simulator.requests[0]?.submittedUrl).toBe('ftp://example.com/');
  });

  it('may be submitted in a multipart form, as the official Go client sends it', async () => {
    const simulator = await start();
    const body = new FormData();
    body.set('url', 'http://new.example.com/?a=b&c=d');
    body.set('other', 'ignored');
    const { status, json } = await ask(simulator, '/urls', { method: 'POST', body });
    expect(status).toBe(200);
    expect(at(json, 'data', 'id')).toBe(`u-${sha256('http://new.example.com/?a=b&c=d')}-${EPOCH}`);
    expect(simulator.requests[0]?.submittedUrl).toBe('http://new.example.com/?a=b&c=d');
  });

  it.each([
    ['no form', 'application/json', '{"url":"http://example.com/"}', 'Request is not a form'],
    ['no form', 'text/plain', 'url=http://example.com/', 'Request is not a form'],
    [
      'a form without the field',
      'application/x-www-form-urlencoded',
      'u=x',
      'Missing form field "url"',
    ],
    [
      'a multipart form without the field',
      MULTIPART,
      `${partNamed('u')}--b--\r\n`,
      'Missing form field "url"',
    ],
    ['a multipart form that is cut off', MULTIPART, partNamed('url'), 'Malformed multipart form'],
  ])('is refused in %s', async (_, type, body, message) => {
    const simulator = await start();
    const init = { method: 'POST', headers: { 'content-type': type }, body };
    const { status, json } = await ask(simulator, '/urls', init);
    expect([status, json]).toEqual([400, error('BadRequestError', message)]);
  });

  it('is not found by standard base64, nor if it is unknown', async () => {
    const simulator = await start();
    const padded = Buffer.from('http://example.com/').toString('base64');
    expect(padded).toMatch(/=$/);
    for (const id of [padded, idOf('http://unknown.example.com/')]) {
      const { status, json } = await ask(simulator, `/urls/${encodeURIComponent(id)}`);
      expect(status).toBe(404);
      expect(json).toEqual(error('NotFoundError', `URL "${id}" not found`));
    }
  });
});
