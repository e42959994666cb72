import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod/mini';
import { InvalidInputError } from '../../../shared/errors.ts';
import * as catalogue from '../../../shared/operations/catalogue.ts';
import { parseInput } from '../../../shared/schema/parse-input.ts';

const MD5 = '44d88612fea8a8f36de82e1278abb02f';
const SHA256 = 'ab'.repeat(32);
const SCAN_ID = `${SHA256}-1700000000`;
const { submitFile, fileReputation, urlReputation, ipReputation, domainReputation } = catalogue;

const HASHES =
  'an MD5, SHA-1 or SHA-256: 32, 40 or 64 hexadecimal digits; surrounding white space is ignored';
const FILE_IDS =
  'a scan_id of submit_sample (<sha256>-<epoch seconds>) or an analysis id of VirusTotal (base64 of md5:epoch)';
const URLS =
  'an http or https URL of at most 8192 characters, without white space; may be defanged';
const URL_IDS =
  'a scan_id of submit_url (<sha256>-<epoch seconds>) or an analysis id of VirusTotal (u-<sha256>-<epoch seconds>)';
const IPS =
  'one IPv4 (four decimal numbers) or IPv6 address, without port, brackets, zone or prefix length';

describe('valid input', () => {
  const digest = { original: MD5, hex: MD5, kind: 'md5' };
  const scanId = { original: SCAN_ID, sha256: SHA256, epoch: 1_700_000_000, analysisId: null };
  it.each([
    [fileReputation, { hash: MD5 }, { hash: digest }],
    [fileReputation, { hash: MD5, scan_id: undefined }, { hash: digest }],
    [fileReputation, { scan_id: SCAN_ID }, { scan_id: scanId }],
    [urlReputation, { scan_id: SCAN_ID }, { scan_id: scanId }],
    [
      urlReputation,
      { url: 'hxxp://user:pw@example[.]com/A' },
      { url: { url: 'http://example.com/A', host: 'example.com' } },
    ],
    [ipReputation, { ip: '10[.]0[.]0[.]1' }, { ip: '10.0.0.1' }],
    [ipReputation, { ip: '::1', details: 'summary' }, { ip: '::1', details: 'summary' }],
    [domainReputation, { domain: 'EXAMPLE.com.' }, { domain: 'example.com' }],
    [submitFile, { key: "a b/+%20'é" }, { key: "a b/+%20'é" }],
    [submitFile, { key: 'a/../b', upload: 'never' }, { key: 'a/../b', upload: 'never' }],
  ])('%#', (operation, given, parsed) => {
    expect(parseInput<z.ZodMiniType>(operation.input, given)).toEqual(parsed);
  });
});

/** The message of the error that an input ends with. */
function messageOf(
  operation: catalogue.Operation,
  value: unknown,
  rename?: Record<string, string>,
): string {
  try {
    parseInput(operation.input, value, rename);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.message;
    throw error;
  }
  throw new Error('the input was taken');
}

describe('refused input', () => {
  it.each<[catalogue.Operation, unknown, string]>([
    [ipReputation, null, 'input: got null; allowed: an object with ip, details, policy, cache'],
    [
      ipReputation,
      undefined,
      'input: got nothing; allowed: an object with ip, details, policy, cache',
    ],
    [
      ipReputation,
      [],
      'input: got an array of 0; allowed: an object with ip, details, policy, cache',
    ],
    [
      ipReputation,
      '10.0.0.1',
      'input: got "10.0.0.1"; allowed: an object with ip, details, policy, cache',
    ],
    [
      ipReputation,
      7,
      'input: got the number 7; allowed: an object with ip, details, policy, cache',
    ],
    [
      ipReputation,
      true,
      'input: got the boolean true; allowed: an object with ip, details, policy, cache',
    ],
    [ipReputation, {}, `ip: got nothing; allowed: ${IPS}`],
    [ipReputation, { ip: null }, `ip: got null; allowed: ${IPS}`],
    [ipReputation, { ip: '' }, `ip: got an empty string; allowed: ${IPS}`],
    [ipReputation, { ip: 134744072 }, `ip: got the number 134744072; allowed: ${IPS}`],
    [ipReputation, { ip: ['8.8.8.8'] }, `ip: got an array of 1; allowed: ${IPS}`],
    [ipReputation, { ip: { a: 1 } }, `ip: got an object with "a"; allowed: ${IPS}`],
    [ipReputation, { ip: '1.2' }, `ip: got "1.2" (it is not an address); allowed: ${IPS}`],
    [
      ipReputation,
      { ip: '\u0000\u202e1\n' },
      `ip: got "\\u0000\\u{202e}1\\n" (it is not an address); allowed: ${IPS}`,
    ],
    [
      ipReputation,
      { ip: 'a'.repeat(150) },
      `ip: got "${'a'.repeat(80)}"... (150 characters) (it is not an address); allowed: ${IPS}`,
    ],
    [
      ipReputation,
      { ip: 'a'.repeat(1_000_000) },
      `ip: got "${'a'.repeat(80)}"... (1000000 characters); allowed: ${IPS}`,
    ],
    [
      ipReputation,
      { ip: '::1', IP: 1 },
      '"IP": unknown property; allowed: ip, details, policy, cache',
    ],
    [
      ipReputation,
      { ip: '8.8.8.8', details: 'all' },
      'details: got "all"; allowed: "full" (default) reads every list, with one upstream call each; "summary" makes one upstream call in all and leaves those lists null',
    ],
    [
      fileReputation,
      { hash: 'zz' },
      `hash: got "zz" (it has 2 characters, not 32, 40 or 64); allowed: ${HASHES}`,
    ],
    [
      fileReputation,
      { hash: SCAN_ID },
      `hash: got "${SCAN_ID}" (it is a scan_id (pass it as scan_id)); allowed: ${HASHES}`,
    ],
    [
      fileReputation,
      {},
      `hash or scan_id: got an empty object; allowed: exactly one of hash (${HASHES}) and scan_id (${FILE_IDS})`,
    ],
    [
      fileReputation,
      { hash: MD5, scan_id: SCAN_ID },
      `hash or scan_id: got an object with "hash", "scan_id"; allowed: exactly one of hash (${HASHES}) and scan_id (${FILE_IDS})`,
    ],
    [
      urlReputation,
      {},
      `url or scan_id: got an empty object; allowed: exactly one of url (${URLS}) and scan_id (${URL_IDS})`,
    ],
    [
      submitFile,
      { key: 'é'.repeat(513) },
      `key: got "${'é'.repeat(80)}"... (513 characters) (it has more than 1024 bytes in UTF-8); allowed: Key of the S3 object, not encoded, 1 to 1024 bytes in UTF-8`,
    ],
    [
      submitFile,
      { key: 'a/../../b' },
      'key: got "a/../../b" (it leaves the bucket with ".."); allowed: Key of the S3 object, not encoded, 1 to 1024 bytes in UTF-8',
    ],
    [
      submitFile,
      { key: 'a\0b' },
      'key: got "a\\u0000b" (it has a NUL character); allowed: Key of the S3 object, not encoded, 1 to 1024 bytes in UTF-8',
    ],
    [
      submitFile,
      { key: 'a', bucket: 'a..b' },
      'bucket: got "a..b" (it has two dots in a row or is an IP address); allowed: Name of an S3 bucket, 3 to 63 lower-case letters, digits, dots and hyphens. Default: the stack\'s upload bucket',
    ],
    [
      submitFile,
      { key: 'a', bucket: '192.168.0.1' },
      'bucket: got "192.168.0.1" (it has two dots in a row or is an IP address); allowed: Name of an S3 bucket, 3 to 63 lower-case letters, digits, dots and hyphens. Default: the stack\'s upload bucket',
    ],
    [
      submitFile,
      { key: '\ud800' },
      'key: got "\\ud800" (it is not well-formed Unicode); allowed: Key of the S3 object, not encoded, 1 to 1024 bytes in UTF-8',
    ],
    [
      submitFile,
      { key: 'a', maxReportAgeDays: 1.5 },
      'maxReportAgeDays: got the number 1.5; allowed: With "if-unknown", request a new analysis of a known file if its report is older than this many days (0 to 3650)',
    ],
  ])('%#', (operation, value, message) => {
    expect(messageOf(operation, value)).toBe(message);
  });

  it.each([
    '{"ip":"8.8.8.8","__proto__":{"details":"summary"}}',
    '{"ip":"8.8.8.8","constructor":{"prototype":{"details":"summary"}}}',
    '{"ip":"8.8.8.8","prototype":1}',
    '{"ip":"8.8.8.8","toString":1}',
    '{"ip":"8.8.8.8","hasOwnProperty":1}',
  ])('a prototype key is an unknown property like any other: %s', (json) => {
    const name = Object.keys(JSON.parse(json))[1];
    expect(messageOf(ipReputation, JSON.parse(json))).toBe(
      `"${name}": unknown property; allowed: ip, details, policy, cache`,
    );
  });

  it('names every bad field once', () => {
    expect(messageOf(ipReputation, { ip: 1, details: 2, a: 3, b: 4 })).toMatch(
      /^ip: .*; details: .*; "a", "b": unknown property; allowed: ip, details, policy, cache$/,
    );
  });

  it('stays short for any input', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`p${n}`, n]));
    expect(messageOf(ipReputation, many).length).toBeLessThan(1000);
    expect(messageOf(fileReputation, { ['k'.repeat(1_000_000)]: 1 }).length).toBeLessThan(2000);
  });
});

describe('what an HTTP caller reads', () => {
  const rename = { hash: 'resource', scan_id: 'resource' };

  it("uses the caller's name of the field, and everything that it allows", () => {
    expect(messageOf(fileReputation, { scan_id: 'x' }, rename)).toBe(
      `resource: got "x" (it has none of the known forms); allowed: ${HASHES}, or ${FILE_IDS}`,
    );
    expect(messageOf(fileReputation, { x: 1 }, rename)).toContain(
      '"x": unknown property; allowed: resource, policy, cache;',
    );
  });
});

describe('credentials in a URL', () => {
  const secret = 'S3cr3t';
  it.each([
    `http://user:${secret}@[bad/`,
    `http://user:${secret}@example.com:99999/`,
    `user:${secret}@example.com/`,
    `ftp://user:${secret}@example.com/`,
    `hxxp[:]//user:${secret}[at]exa mple.com/`,
    `http[://]user:${secret}(@)example..com/`,
    `http://user:pa/${secret}@example.com/`,
    `http://user:pa?${secret}#@example.com/`,
    `http:\\\\user:${secret}@example.com/`,
    `http://user:${secret}%40example.com/`,
    `http://user:${secret}＠example.com/`,
    `http://user:${secret}@10.0.0.1\\x/`,
    `http://user:${secret}${'x'.repeat(5000)}@[bad/`,
    `http://user:${secret}@${'x'.repeat(20_000)}/`,
  ])('are never shown: row %#', (url) => {
    expect(messageOf(urlReputation, { url })).not.toContain(secret);
    expect(messageOf(urlReputation, { url })).toContain('***@');
    expect(messageOf(urlReputation, { [url]: 1 })).not.toContain(secret);
    expect(messageOf(ipReputation, { ip: url })).not.toContain(secret);
  });
});

it('accepts or refuses anything, without other errors or unprintable characters in messages', () => {
  const values = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        hash: fc.jsonValue(),
        scan_id: fc.jsonValue(),
        url: fc.oneof(fc.webUrl(), fc.jsonValue()),
        ip: fc.oneof(fc.ipV6(), fc.string({ unit: 'binary' })),
        key: fc.string({ unit: 'binary' }),
      },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(...catalogue.operations), values, ({ input }, value) => {
      try {
        parseInput(input, value);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidInputError);
        expect(String(error)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }
    }),
    { numRuns: 1000 },
  );
});
