import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutScheme, refangAt, refangHost } from '../../../shared/indicators/refang.ts';

describe('refangHost', () => {
  it.each([
    ['example[.]com', 'example.com'],
    ['a(.)example{.}com', 'a.example.com'],
    ['example[dot]com', 'example.com'],
    ['example(DOT)com', 'example.com'],
    ['10[.]0[.]0[.]1', '10.0.0.1'],
    ['2001[:]db8[:][:]1', '2001:db8::1'],
    ['[2001[:]db8[:][:]1]', '[2001:db8::1]'],
    ['[[:][:]1]', '[::1]'],
    ['example.com[:]8080', 'example.com:8080'],
    ['example[[.]]com', 'example.com'],
    ['[::1]', '[::1]'],
    ['dot.example.com', 'dot.example.com'],
    ['[...]', '[...]'],
    ['', ''],
  ])('%s -> %s', (defanged, plain) => {
    expect(refangHost(defanged)).toBe(plain);
  });

  it('changes nothing the second time', () => {
    const mark = fc.constantFrom('[', ']', '(', ')', '{', '}', '.', ':', 'dot', 'DOT', 'a');
    fc.assert(
      fc.property(fc.string({ unit: mark, maxLength: 40 }), (text) => {
        expect(refangHost(refangHost(text))).toBe(refangHost(text));
      }),
    );
  });

  it('parses deep nesting at the maximum length quickly', () => {
    const start = performance.now();
    expect(refangHost(`${'['.repeat(499)}.${']'.repeat(499)}`)).toBe('.');
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('cutScheme', () => {
  it.each([
    ['http://a/b', 'http', 'a/b'],
    ['HTTPS://a', 'https', 'a'],
    ['hxxp://a', 'http', 'a'],
    ['hXXps://a', 'https', 'a'],
    ['hxxp[:]//a', 'http', 'a'],
    ['hxxps[://]a', 'https', 'a'],
    ['http:[//]a', 'http', 'a'],
    ['http(:)//a', 'http', 'a'],
    ['http{:}//a', 'http', 'a'],
    ['ftp://a', 'ftp', 'a'],
    ['http://[::1]/', 'http', '[::1]/'],
    ['example.com/x://y', undefined, 'example.com/x://y'],
    ['constructor://a', 'constructor', 'a'],
    ['//a', undefined, '//a'],
    ['http:/a', undefined, 'http:/a'],
  ])('%s -> %s and %s', (text, scheme, rest) => {
    expect(cutScheme(text)).toEqual({ scheme, rest });
  });
});

it.each([
  ['user[at]host', 'user@host'],
  ['user(AT)host', 'user@host'],
  ['user[@]host', 'user@host'],
  ['at.example', 'at.example'],
])('refangAt: %s -> %s', (defanged, plain) => {
  expect(refangAt(defanged)).toBe(plain);
});
