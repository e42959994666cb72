import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseDigest } from '../../../shared/indicators/hash.ts';
import { InvalidIndicator } from '../../../shared/indicators/invalid.ts';

const digits = (length: number) =>
  fc.string({
    unit: fc.constantFrom(...'0123456789abcdefABCDEF'),
    minLength: length,
    maxLength: length,
  });

it.each([
  ['md5', 32],
  ['sha1', 40],
  ['sha256', 64],
] as const)('takes any %s, whatever its case and the white space around it', (kind, length) => {
  fc.assert(
    fc.property(digits(length), fc.constantFrom('', ' ', '\n', '\t \r\n'), (text, space) => {
      expect(parseDigest(`${space}${text}${space}`)).toEqual({
        original: text,
        hex: text.toLowerCase(),
        kind,
      });
    }),
  );
});

it.each([
  ['', 'it has 0 characters, not 32, 40 or 64'],
  ['a'.repeat(31), 'it has 31 characters, not 32, 40 or 64'],
  ['a'.repeat(128), 'it has 128 characters, not 32, 40 or 64'],
  [`${'a'.repeat(31)}g`, 'it has characters other than hexadecimal digits'],
  [`${'a'.repeat(15)} ${'a'.repeat(16)}`, 'it has characters other than hexadecimal digits'],
  [`../${'a'.repeat(29)}`, 'it has characters other than hexadecimal digits'],
  ['\u0660'.repeat(32), 'it has characters other than hexadecimal digits'],
  [`${'a'.repeat(64)}-1700000000`, 'it is a scan_id (pass it as scan_id)'],
  [`f-${'a'.repeat(64)}-1700000000`, 'it is a scan_id (pass it as scan_id)'],
])('refuses %j', (text, reason) => {
  expect(() => parseDigest(text)).toThrow(new InvalidIndicator(reason));
});

it('refuses a megabyte at once', () => {
  const start = performance.now();
  expect(() => parseDigest('a'.repeat(1_000_000))).toThrow(
    new InvalidIndicator('it has 1000000 characters, not 32, 40 or 64'),
  );
  expect(performance.now() - start).toBeLessThan(500);
});
