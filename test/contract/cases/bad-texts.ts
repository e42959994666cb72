/** Texts that are no indicators, by the field that the message must name. */

import {
  domainReputation,
  fileReputation,
  ipReputation,
  type Operation,
  submissionStatus,
  submitUrl,
  urlReputation,
} from '../../../shared/operations/catalogue.ts';

/** Texts that stand where an indicator should: refused in every way of calling. */
export interface BadTexts {
  readonly operation: Operation;
  readonly field: string;
  /** What the message calls it over HTTP. @default as `field` */
  readonly httpName?: string;
  readonly texts: readonly string[];
}

/** The limit of a text that no field takes, characters. */
const LONG = 12_000;

const evil = ['<script>alert(1)</script>', "' OR 1=1 --", '{{7*7}}', '$(id)'];
/** Nothing, too much, what must not reach a path or a header of the upstream request. */
const everywhere = [
  ' ',
  '\t\n',
  '../../users/me',
  '..%2f..%2fusers%2fme',
  '%2e%2e%2f%2e%2e%2fusers',
  '..\\..\\users',
  'x\r\nx-apikey: 1',
  'x\u0000',
  '\u0000',
  '\u001b[31m',
  ...evil,
];

const hash = 'ab'.repeat(32);
const uuid = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const future = 4_000_000_000;

/** Indicators, by field. */
export const badTexts: readonly BadTexts[] = [
  {
    operation: submissionStatus,
    field: 'id',
    texts: [
      ...everywhere,
      'a'.repeat(LONG),
      uuid.slice(1),
      `${uuid}0`,
      `${uuid}\n`,
      uuid.toUpperCase(),
      uuid.replaceAll('-', ''),
      `${uuid}:${uuid}`,
      `arn:aws:states:us-east-1:000000000000:execution:ScanUpload:${uuid}`,
    ],
  },
  {
    operation: fileReputation,
    field: 'hash',
    httpName: 'resource',
    texts: [
      ...everywhere,
      'a'.repeat(LONG),
      'a'.repeat(31),
      'g'.repeat(64),
      `${hash}0`,
      `${hash.slice(0, -1)}\u0430`,
      `${hash.slice(0, -1)}\u0000`,
      hash.replace('a', '%61'),
      hash.replace('a', '%2561'),
      '__proto__',
      'constructor',
    ],
  },
  {
    operation: fileReputation,
    field: 'scan_id',
    httpName: 'resource',
    texts: [
      `${hash}-`,
      `${hash}-0`,
      `${hash}-1e9`,
      `${hash}-99999999999`,
      `u-${hash}-1700000000`,
      `${hash}-1700000000/../x`,
      Buffer.from('md5:1700000000').toString('base64'),
    ],
  },
  {
    operation: ipReputation,
    field: 'ip',
    texts: [
      ...everywhere,
      '1'.repeat(LONG),
      '203.0.113',
      '203.0.113.256',
      '203.0.113.07',
      '203.0.113.7:80',
      '203.0.113.7/24',
      '203.0.113.7/../../users',
      '203%2E0.113.7',
      '203%252E0.113.7',
      '2001:db8::7%25eth0',
      '[2001:db8::7]',
      '2001:db8:::7',
      '0x7f000001',
      '\u0662\u0660\u0663.0.113.7',
      '203.0.113.7\u0000',
      '__proto__',
    ],
  },
  {
    operation: domainReputation,
    field: 'domain',
    texts: [
      ...everywhere,
      'a'.repeat(LONG),
      `${'a'.repeat(64)}.example.com`,
      `${'abcdefg.'.repeat(40)}com`,
      'example..com',
      '.example.com',
      'exa mple.com',
      'exa*mple.com',
      'example.com:443',
      'example.com/../users',
      'http://example.com',
      'example%2ecom',
      'example%252ecom',
      'example.com\u0000',
      '203.0.113.7',
      'example.com?x=1',
      'user@example.com',
    ],
  },
  ...[submitUrl, urlReputation].map((operation) => ({
    operation,
    field: 'url',
    texts: [
      '',
      ' ',
      'x\r\nx-apikey: 1',
      'http://example.com/\u0000',
      'http://example.com/a b',
      `http://example.com/${'a'.repeat(LONG)}`,
      'ftp://example.com/',
      'javascript:alert(1)',
      'file:///etc/passwd',
      'http://',
      'http:///x',
      'http://exa mple.com/',
      'http://example.com:99999/',
      'http://example.com%2f@/',
      'http://example.com\\@192.0.2.1/',
      'http://exa%00mple.com/',
      'http%3A%2F%2Fexample.com%2F',
      'http%253A%252F%252Fexample.com%252F',
      `${hash}-1700000000`,
    ],
  })),
  {
    operation: urlReputation,
    field: 'scan_id',
    texts: [...everywhere, '', hash, `f-${hash}-1700000000`, `${hash}-17000000/00`, '__proto__'],
  },
  { operation: fileReputation, field: 'scan_id', texts: [`${hash}-${future}`] },
  { operation: urlReputation, field: 'scan_id', texts: [`${hash}-${future}`] },
];
