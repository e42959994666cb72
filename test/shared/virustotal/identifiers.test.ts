import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalUrlOf } from '../../../shared/virustotal/canonical-url.ts';
import { endpoint } from '../../../shared/virustotal/endpoint.ts';
import { urlId } from '../../../shared/virustotal/url-id.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('urlId', () => {
  it('is the recorded id of the recorded URL', () => {
    expect(urlId('http://www.google.com')).toBe('aHR0cDovL3d3dy5nb29nbGUuY29t');
  });

  it('has no character that a path or base64url lacks', () => {
    const url = 'https://example.com/é?q=~~~>>>???&x=ÿÿ';
    expect(urlId(url)).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(Buffer.from(urlId(url), 'base64url').toString()).toBe(url);
  });
});

describe('canonicalUrlOf', () => {
  it.each([
    ['http://www.google.com', 'http://www.google.com/'],
    ['http://example.com/a', 'http://example.com/a'],
    ['http://example.com/a#part', 'http://example.com/a'],
    ['http://example.com?x=1', 'http://example.com/?x=1'],
    ['http://example.com:80/a', 'http://example.com/a'],
    ['https://example.com:443', 'https://example.com/'],
    ['https://example.com:443?x#y', 'https://example.com/?x'],
    ['https://example.com:80/a', 'https://example.com:80/a'],
    ['http://example.com/a b', 'http://example.com/a%20b'],
    ['http://example.com/%7Ea/../b', 'http://example.com/b'],
    ['http://example.com/A%20b?C=D', 'http://example.com/A%20b?C=D'],
  ])('finds that %s was taken as %s', (sent, canonical) => {
    expect(canonicalUrlOf(sent, `u-${sha256(canonical)}-1700000000`)).toBe(canonical);
  });

  it('gives the URL back when no spelling fits or the id is of unknown form', () => {
    const sent = 'http://example.com:80';
    expect(canonicalUrlOf(sent, `u-${sha256('other')}-1700000000`)).toBe(sent);
    expect(canonicalUrlOf(sent, 1_700_000_000)).toBe(sent);
    expect(canonicalUrlOf(sent, 'new-form')).toBe(sent);
    expect(canonicalUrlOf('no url', `u-${sha256('other')}-1700000000`)).toBe('no url');
  });
});

describe('endpoint', () => {
  const server = new URL('https://proxy.example/vt/api/v3');

  it('keeps the path prefix and encodes every segment', () => {
    const ids = ['a/../b?c#d%2e é', '2001:db8::1'];
    expect(endpoint(server, '/{id}/x/{id}', ids).href).toBe(
      'https://proxy.example/vt/api/v3/a%2F..%2Fb%3Fc%23d%252e%20%C3%A9/x/2001%3Adb8%3A%3A1',
    );
    expect(endpoint(server, '/files/{id}', ['\ud800']).pathname).toBe('/vt/api/v3/files/%EF%BF%BD');
  });

  it.each(['', '.', '..'])('refuses %j, which would change the path', (id) => {
    expect(() => endpoint(server, '/files/{id}', [id])).toThrow(
      expect.objectContaining({ name: 'InvalidInputError' }),
    );
  });
});
