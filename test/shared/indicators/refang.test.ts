import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutScheme, refangAt, refangHost, splitUrl } from '../../../shared/indicators/refang.ts';

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
    ['example[,]com', 'example.com'],
    ['www[.example.]com', 'www.example.com'],
    ['www\\.example\\.com', 'www.example.com'],
    ['192\\.0\\.2\\.1:80', '192.0.2.1:80'],
    ['www.example\\.com', 'www.example\\.com'],
    ['[::1]', '[::1]'],
    ['dot.example.com', 'dot.example.com'],
    ['[::]', '[::]'],
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
    ['hxxps[:][/][/]a', 'https', 'a'],
    ['htxp://a', 'http', 'a'],
    ['h**ps://a', 'https', 'a'],
    ['ttps://a', 'https', 'a'],
    ['fxp://a', 'ftp', 'a'],
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

describe('splitUrl', () => {
  it.each([
    ['hxxp://a.b/c[.]d', '/c.d'],
    ['http://a[.]b/c[.]d', '/c.d'],
    ['a[.]b/c(dot)d?e=f{.}g#h[DOT]i', '/c.d?e=f.g#h.i'],
    ['http[://]a.b/?u=hXXps[://]c[.]d[:]80[/]e', '/?u=https://c.d:80/e'],
    ['http://a.b[/]c[/]d', '/c/d'],
    ['http://user[@]a.b/c[@]d(at)e', '/c@d@e'],
    ['hxxp://a.b/?u=hxxp:[//]c', '/?u=http://c'],
    ['http://a[[.]]b/c[[.]]d', '/c.d'],
    ['http://a[.]b/c[[.]]d', '/c[.]d'],
    ['hxxp://a\\.b/c\\.d', '/c.d'],
    ['hxxp://a.b/c\\.d', '/c\\.d'],
    ['hxxp://a.b/{{.}}/x[0]/(y)/{z}', '/{{.}}/x[0]/(y)/{z}'],
    ['hxxp://[2001:db8::1]/c[.]d', '/c.d'],
    ['http://[2001[:]db8::1]/c[.]d', '/c.d'],
  ])('refangs the tail of %s to %s', (text, tail) => {
    expect(splitUrl(text, 1000).tail).toBe(tail);
  });

  it.each([
    ['http://a.b/?t=c[.]d', '/?t=c[.]d'],
    ['HTTPS://a.b/c[.]d', '/c[.]d'],
    ['a.b/hxxp[://]c(dot)d', '/hxxp[://]c(dot)d'],
    ['http://[2001:db8::1]/c[.]d', '/c[.]d'],
    ['[2001:db8::1]:80/c[.]d', '/c[.]d'],
    ['http://us[at]er:se[.]cret@a.b/c[.]d', '/c[.]d'],
  ])('leaves the tail of %s, which has no marks in scheme or host', (text, tail) => {
    expect(splitUrl(text, 1000).tail).toBe(tail);
  });

  it('splits a long tail of opening brackets quickly', () => {
    const start = performance.now();
    splitUrl(`hxxp://a[[[.]]]b/${'[({'.repeat(5000)}`, 1000);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
