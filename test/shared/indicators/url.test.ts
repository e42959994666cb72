import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidIndicator } from '../../../shared/indicators/invalid.ts';
import { whyHostNotSent } from '../../../shared/indicators/not-sent.ts';
import { parseUrl } from '../../../shared/indicators/url.ts';

describe('spelling', () => {
  it.each([
    ['http://example.com', 'http://example.com'],
    ['http://example.com/', 'http://example.com/'],
    [' HTTP://EXAMPLE.com/A?B=C#D ', 'http://example.com/A?B=C#D'],
    ['example.com', 'http://example.com'],
    ['example.com/path', 'http://example.com/path'],
    ['example.com:8080/x', 'http://example.com:8080/x'],
    ['hxxp://example[.]com/', 'http://example.com/'],
    ['hXXps[:]//example(.)com[:]8443/a', 'https://example.com:8443/a'],
    ['http[://]example[dot]com/a', 'http://example.com/a'],
    ['http://example.com/a[.]b?c=[dot]&d=hxxp://e[.]f#(.)', null],
    ['http://example.com/?t=a[.]b', null],
    ['http://[2001:db8::1]/a[.]b', null],
    ['hxxps[://]login[.]example[.]com/payload[.]exe', 'https://login.example.com/payload.exe'],
    ['login[.]example[.]com[:]8443[/]a[.]exe', 'http://login.example.com:8443/a.exe'],
    ['hxxp://-sso.example.com/', 'http://-sso.example.com/'],
    ['203.0.113.7/80/x', 'http://203.0.113.7/80/x'],
    ['http://example.com/%7Ea/../b//c?x=%20+y', null],
    ['http://example.com/a\\b', null],
    ['http://example.com?x=1', null],
    ['http://example.com#part', null],
    ['https://example.com:443/', null],
    ['http://example.com/user@host:80/', null],
    ['http://example.com./', null],
    ['http://a_b.example.com/', null],
    ['http://example.com/äé日本', null],
    ['http://Bücher.example.com/Ä', 'http://xn--bcher-kva.example.com/Ä'],
    ['http://example.com:/x', 'http://example.com/x'],
  ])('%s', (given, sent) => {
    expect(parseUrl(given).url).toBe(sent ?? given);
  });

  it.each([
    ['http://user:secret@example.com/x', 'http://example.com/x'],
    ['http://user@example.com', 'http://example.com'],
    ['http://user:se@cret@example.com:81/', 'http://example.com:81/'],
    ['http://user:secret[at]example.com/', 'http://example.com/'],
    ['hxxp://user:secret[@]example[.]com/', 'http://example.com/'],
    ['http://:secret@example.com/', 'http://example.com/'],
    [`http://${'s'.repeat(100)}@example.com/`, 'http://example.com/'],
  ])('strips the credentials of %s', (given, sent) => {
    expect(parseUrl(given)).toEqual({ url: sent, host: 'example.com' });
  });

  it('leaves a URL without marks unchanged', () => {
    const tail = fc
      .string({ unit: 'grapheme', maxLength: 60 })
      .filter((text) => !/[\s\p{Cc}]/u.test(text))
      .chain((text) => fc.constantFrom('', `/${text}`, `?${text}`, `#${text}`, '/a[.]b[:]c'));
    const scheme = fc.constantFrom('http://', 'https://');
    const port = fc.constantFrom('', ':8080');
    fc.assert(
      fc.property(scheme, fc.domain(), port, tail, (start, domain, at, rest) => {
        const host = domain.toLowerCase();
        const url = `${start}${host}${at}${rest}`;
        expect(parseUrl(url)).toEqual({ url, host });
      }),
    );
  });

  it('reads back what tools that defang a whole URL write', () => {
    // Brackets in the URL itself could not be told from marks.
    const url = fc
      .webUrl({ withQueryParameters: true, withFragments: true })
      .filter((text) => !/[[({]/.test(text));
    const dots = fc.constantFrom('[.]', '(.)', '[dot]', '(DOT)');
    fc.assert(
      fc.property(url, dots, fc.boolean(), (plain, dot, isColonMarked) => {
        const defanged = plain
          .replaceAll('.', dot)
          .replaceAll('http', 'hxxp')
          .replaceAll('://', isColonMarked ? '[:]//' : '[://]');
        expect(parseUrl(defanged)).toEqual(parseUrl(plain));
      }),
    );
  });
});

describe('host', () => {
  it.each([
    ['http://127.0.0.1/', '127.0.0.1'],
    ['http://127.0.0.1./', '127.0.0.1'],
    ['http://0x7f.1/', '127.0.0.1'],
    ['http://0177.0.0.1/', '127.0.0.1'],
    ['http://2130706433/', '127.0.0.1'],
    ['2130706433/x', '127.0.0.1'],
    ['http://%31%32%37.0.0.1/', '127.0.0.1'],
    ['http://１２７.０.０.１/', '127.0.0.1'],
    ['http://127。0。0。1/', '127.0.0.1'],
    ['http://10[.]0[.]0[.]1/', '10.0.0.1'],
    ['http://[::1]/', '::1'],
    ['http://[[:][:]1]/', '::1'],
    ['http://[::ffff:10.0.0.1]/', '10.0.0.1'],
    ['http://[::ffff:a00:1]:8080/', '10.0.0.1'],
    ['http://[64:ff9b::c0a8:1]/', '192.168.0.1'],
    ['http://user@[fe80::1]/', 'fe80::1'],
    ['http://localhost/', 'localhost'],
    ['http://localhost./', 'localhost'],
    ['http://LOCALHOST:3000/', 'localhost'],
    ['http://%6cocalhost/', 'localhost'],
    ['http://printer.local./', 'printer.local'],
    ['http://example.com@10.0.0.1/', '10.0.0.1'],
  ])('%s is %s, and not sent', (given, host) => {
    const parsed = parseUrl(given);
    expect(parsed.host).toBe(host);
    expect(whyHostNotSent(parsed.host)).not.toBeNull();
  });

  it('spells a numeric host as VirusTotal would', () => {
    expect(parseUrl('http://0x08080808/a').url).toBe('http://8.8.8.8/a');
    expect(parseUrl('http://[2001:DB8:0::1]/a').url).toBe('http://[2001:db8::1]/a');
  });
});

const SCHEME = 'its scheme is not http:// or https://';
const HOST = 'its host or port is malformed or missing';
const SPACE = 'it has white space or control characters (percent-encode them)';

describe('refusals', () => {
  it.each([
    ['ftp://example.com/', SCHEME],
    ['javascript:alert(1)', SCHEME],
    ['mailto:someone@example.com', SCHEME],
    ['file:///etc/passwd', SCHEME],
    ['http:example.com', SCHEME],
    ['http:/\\example.com', SCHEME],
    ['user:secret@example.com', SCHEME],
    ['', HOST],
    ['http://', HOST],
    ['http:///path', HOST],
    ['//example.com/', HOST],
    ['/etc/passwd', HOST],
    ['../../x', 'it has an empty label'],
    ['http://example.com:99999/', HOST],
    ['http://example.com:8o/', HOST],
    ['http://user:pa/ss@example.com/', HOST],
    ['http://[::1/', HOST],
    ['http://[fe80::1%25eth0]/', HOST],
    ['http://exa<mple.com/', HOST],
    ['http://a%00b.com/', HOST],
    ['http://256.1.1.1/', HOST],
    ['http://a..example.com/', 'it has an empty label'],
    [`http://${'a'.repeat(64)}.com/`, expect.stringContaining('it has a label')],
    ['http://localhost\\.example.com/', 'it has a backslash in its host'],
    ['http://10.0.0.1\\@example.com/', 'it has a backslash in its host'],
    ['http://example.com\\path', 'it has a backslash in its host'],
    ['http://example.com/a b', SPACE],
    ['http://example.com/a\tb', SPACE],
    ['http://example.com/a\u0000b', SPACE],
    ['http://example.com/a\u0085b', SPACE],
    ['http://exam\nple.com/', SPACE],
    ['http://example.com/\ud800', 'it is not well-formed Unicode'],
    [`${'a'.repeat(64)}-1700000000`, 'it is a scan_id (pass it as scan_id)'],
    [`u-${'A'.repeat(64)}-1700000000`, 'it is a scan_id (pass it as scan_id)'],
    [`http://${'a.'.repeat(600)}com/`, 'its host has 1203 characters'],
  ])('%j', (text, message) => {
    expect(() => parseUrl(text)).toThrow(
      expect.objectContaining({ name: 'InvalidIndicator', message }),
    );
  });

  it('counts the characters of what would be sent', () => {
    const path = 'x'.repeat(8192 - 'http://example.com/'.length);
    const longest = `http://example.com/${path}`;
    expect(parseUrl(longest).url).toBe(longest);
    expect(parseUrl(`hxxp[:]//user@example[.]com/${path}`).url).toBe(longest);
    expect(() => parseUrl(`${longest}x`)).toThrow(new InvalidIndicator('it has 8193 characters'));
    expect(() => parseUrl(`example.com/${path}x`)).toThrow(
      new InvalidIndicator('it has 8193 characters'),
    );
  });

  it('throws only InvalidIndicator, and its result parses to itself', () => {
    const part = fc.constantFrom(
      ...['http', 'hxxp', '://', '[:]', '[', ']', '.', '@', ':', '/', '\\', '?', '#', '%', '%2e'],
      ...['a', '1', '0x7f', 'example.com', '::1', ' ', '\u0000', 'ü', '。'],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        try {
          const parsed = parseUrl(parts.join(''));
          expect(parseUrl(parsed.url)).toEqual(parsed);
          expect(new URL(parsed.url).username).toBe('');
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidIndicator);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

it('refuses a megabyte at once', () => {
  const start = performance.now();
  expect(() => parseUrl('x'.repeat(1_000_000))).toThrow(
    new InvalidIndicator('it has 1000000 characters'),
  );
  expect(performance.now() - start).toBeLessThan(500);
});
