import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseDomain } from '../../../shared/indicators/domain.ts';
import { InvalidIndicator } from '../../../shared/indicators/invalid.ts';

const longest = `${`${'a'.repeat(63)}.`.repeat(3)}${'b'.repeat(61)}`;

it.each([
  ['example.com', 'example.com'],
  ['  EXAMPLE.Com\n', 'example.com'],
  ['example.com.', 'example.com'],
  ['example[.]com', 'example.com'],
  ['www(dot)example[dot]com', 'www.example.com'],
  ['Bücher.example.com', 'xn--bcher-kva.example.com'],
  ['BÜCHER.example.com', 'xn--bcher-kva.example.com'],
  ['xn--bcher-kva.example.com', 'xn--bcher-kva.example.com'],
  ['faß.de', 'xn--fa-hia.de'],
  ['例え。テスト', 'xn--r8jz45g.xn--zckzah'],
  ['ｅｘａｍｐｌｅ.com', 'example.com'],
  ['_dmarc.example.com', '_dmarc.example.com'],
  ['a_b.example.com', 'a_b.example.com'],
  ['r4---sn-x.example.com', 'r4---sn-x.example.com'],
  ['-sso.example.com', '-sso.example.com'],
  ['foo-.example.com', 'foo-.example.com'],
  ['--.example.com', '--.example.com'],
  ['_-_.example.com.', '_-_.example.com'],
  ['xn--a-.example.com', 'xn--a-.example.com'],
  ['123.456.example.com', '123.456.example.com'],
  ['example\\.com', 'example.com'],
  ['localhost', 'localhost'],
  ['1.2.3.4.example.com', '1.2.3.4.example.com'],
  [longest.padEnd(1000), longest],
  [longest, longest],
  [`${'a'.repeat(63)}.com`, `${'a'.repeat(63)}.com`],
])('%s -> %s', (given, name) => {
  expect(parseDomain(given)).toBe(name);
});

const ALPHABET =
  'it has a label that is longer than 63 characters or has characters that are not allowed in names';

it.each([
  ['', 'it is not a host name'],
  ['.', 'it has an empty label'],
  ['a..com', 'it has an empty label'],
  ['.com', 'it has an empty label'],
  ['a.com..', 'it has an empty label'],
  ['https://example.com/', 'it is a URL (pass the host only, or use url_reputation)'],
  ['hxxp[://]example[.]com', 'it is a URL (pass the host only, or use url_reputation)'],
  ['hxxp[:]//example[.]com', 'it is a URL (pass the host only, or use url_reputation)'],
  ['example.com:443', 'it has a port (leave it out)'],
  ['example.com/path', 'it has a path or prefix length (leave it out)'],
  ['../example.com', 'it has a path or prefix length (leave it out)'],
  ['10.0.0.0/8', 'it has a path or prefix length (leave it out)'],
  ['example.com?x', 'it has "?", which is not allowed in names'],
  ['example.com#x', 'it has "#", which is not allowed in names'],
  ['example.com\\x', 'it has "\\", which is not allowed in names'],
  ['user@example.com', 'it has "@", which is not allowed in names'],
  ['%65xample.com', 'it has "%", which is not allowed in names'],
  ['ex[ample.com', 'it has "[", which is not allowed in names'],
  ['ex ample.com', 'it has white space or control characters'],
  ['ex\u0000ample.com', 'it has white space or control characters'],
  ['ex\u0085ample.com', 'it has white space or control characters'],
  ['example.com\r\nX-Header', 'it has white space or control characters'],
  ['1.2.3.4', 'it is an IP address (use ip_reputation)'],
  ['1[.]2[.]3[.]4', 'it is an IP address (use ip_reputation)'],
  ['1.2.3.44', 'it is an IP address (use ip_reputation)'],
  ['a:b:80', 'it is an IP address (use ip_reputation)'],
  ['z::1', 'it has ":", which is not allowed in names'],
  ['::1z', 'it has ":", which is not allowed in names'],
  [longest.padEnd(1001), 'it has 1001 characters'],
  ['1.2', 'it is an IP address (use ip_reputation)'],
  ['0x7f.1', 'it is an IP address (use ip_reputation)'],
  ['2130706433', 'it is an IP address (use ip_reputation)'],
  ['１.２.３.４', 'it is an IP address (use ip_reputation)'],
  ['2001:db8::1', 'it is an IP address (use ip_reputation)'],
  ['[::1]', 'it is an IP address (use ip_reputation)'],
  ['256.256.256.256', 'it is not a host name'],
  ['example.1', 'it is not a host name'],
  ['*.example.com', ALPHABET],
  ['"example.com"', ALPHABET],
  ['example.com,example.net', ALPHABET],
  ["a'b.example.com", ALPHABET],
  [`${'a'.repeat(64)}.com`, ALPHABET],
  ['xn--\u0000.com', 'it has white space or control characters'],
  [`${longest}b`, 'the name has 254 characters'],
])('refuses %j', (text, reason) => {
  expect(() => parseDomain(text)).toThrow(new InvalidIndicator(reason));
});

it('accepts any name, defanged in any way, and its own result', () => {
  fc.assert(
    fc.property(fc.domain(), fc.constantFrom('.', '[.]', '(.)', '[dot]', '{DOT}'), (name, mark) => {
      const defanged = name.replaceAll('.', mark).toUpperCase();
      expect(parseDomain(defanged)).toBe(name.toLowerCase());
      expect(parseDomain(name.toLowerCase())).toBe(name.toLowerCase());
    }),
  );
});

it('throws only InvalidIndicator, and returns only names that a URL keeps unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      try {
        const name = parseDomain(text);
        expect(new URL(`http://${name}/`).hostname).toBe(name);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidIndicator);
      }
    }),
    { numRuns: 1000 },
  );
});

it('refuses a megabyte at once', () => {
  const start = performance.now();
  expect(() => parseDomain('a'.repeat(1_000_000))).toThrow(
    new InvalidIndicator('it has 1000000 characters'),
  );
  expect(performance.now() - start).toBeLessThan(500);
});
