/** Inputs, bodies and requests of a bad form, and the field that the message must name. */
import {
  domainReputation,
  fileReputation,
  ipReputation,
  type Operation,
  operations,
  submitFile,
  submitUrl,
  urlReputation,
} from '../../../shared/operations/catalogue.ts';

const hash = 'ab'.repeat(32);
const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
const megabyte = 'm'.repeat(2 ** 20);

/** Direct inputs as JSON text, and what the message must begin a part with. */
export const badJson: readonly (readonly [Operation, json: string, named: string])[] = [
  ...operations.flatMap((operation): [Operation, string, string][] => [
    [operation, 'null', 'input'],
    [operation, '42', 'input'],
    [operation, '"text"', 'input'],
    [operation, '[]', 'input'],
    [operation, JSON.stringify({ ...operation.example, surprise: 1 }), '"surprise"'],
    [operation, JSON.stringify({ ...operation.example, toString: 'x' }), '"toString"'],
    [operation, withProto(operation.example), '"__proto__"'],
    [operation, `{"constructor":{"prototype":{"key":"x"}}}`, '"constructor"'],
  ]),
  ...[
    '42',
    'true',
    'null',
    '[]',
    '{}',
    '["203.0.113.7"]',
    '{"toString":1}',
    '""',
    `"${megabyte}"`,
  ].flatMap((value): [Operation, string, string][] => [
    [submitFile, `{"key":${value}}`, 'key'],
    [submitUrl, `{"url":${value}}`, 'url'],
    [fileReputation, `{"hash":${value}}`, 'hash'],
    [fileReputation, `{"scan_id":${value}}`, 'scan_id'],
    [ipReputation, `{"ip":${value}}`, 'ip'],
    [domainReputation, `{"domain":${value}}`, 'domain'],
    [urlReputation, `{"url":${value}}`, 'url'],
    [urlReputation, `{"scan_id":${value}}`, 'scan_id'],
    [ipReputation, `{"ip":"203.0.113.7","details":${value}}`, 'details'],
  ]),
  [fileReputation, '{}', 'hash or scan_id'],
  [fileReputation, `{"hash":"${hash}","scan_id":"${hash}-1700000000"}`, 'hash or scan_id'],
  [urlReputation, '{}', 'url or scan_id'],
  [ipReputation, '{}', 'ip'],
  [ipReputation, `{"ip":${deep}}`, 'ip'],
  [domainReputation, '{"domain":"example.com","details":"brief"}', 'details'],
  [domainReputation, '{"domain":"example.com","policy":"lenient"}', 'policy'],
  [domainReputation, '{"domain":"example.com","policy":{"surprise":1}}', '"surprise"'],
];

/** Fields of `submit_sample`, whose object is not read either. */
export const badSubmissions: readonly (readonly [
  fields: Record<string, unknown>,
  named: string,
])[] = [
  [{ key: '' }, 'key'],
  [{ key: 'k'.repeat(1025) }, 'key'],
  [{ key: 'é'.repeat(513) }, 'key'],
  [{ key: 'a\u0000b' }, 'key'],
  [{ key: '\ud800' }, 'key'],
  [{ key: '../other-bucket/x' }, 'key'],
  [{ key: 'a/../../x' }, 'key'],
  [{ key: 'a', bucket: '' }, 'bucket'],
  [{ key: 'a', bucket: 'Upper' }, 'bucket'],
  [{ key: 'a', bucket: '../x' }, 'bucket'],
  [{ key: 'a', bucket: 'a..b' }, 'bucket'],
  [{ key: 'a', bucket: '203.0.113.7' }, 'bucket'],
  [{ key: 'a', bucket: 'arn:aws:s3:::b' }, 'bucket'],
  [{ key: 'a', versionId: '' }, 'versionId'],
  [{ key: 'a', versionId: 'a\nb' }, 'versionId'],
  [{ key: 'a', versionId: 'v'.repeat(1025) }, 'versionId'],
  [{ key: 'a', upload: 'sometimes' }, 'upload'],
  [{ key: 'a', upload: true }, 'upload'],
  [{ key: 'a', maxReportAgeDays: -1 }, 'maxReportAgeDays'],
  [{ key: 'a', maxReportAgeDays: 1.5 }, 'maxReportAgeDays'],
  [{ key: 'a', maxReportAgeDays: '3' }, 'maxReportAgeDays'],
  [{ key: 'a', maxReportAgeDays: 1e300 }, 'maxReportAgeDays'],
  [{ bucket: 'some-bucket' }, 'key'],
];

/** HTTP bodies of a POST that are no input. */
export const badBodies: readonly (readonly [
  what: string,
  body: string | Uint8Array,
  named: string,
])[] = [
  ['nothing', '', 'input'],
  ['no JSON', 'url=http://example.com/', 'body'],
  ['half of the JSON', '{"url":"http://example.com/', 'body'],
  ['an array', '[{"url":"http://example.com/"}]', 'body'],
  ['a text', '"http://example.com/"', 'body'],
  ['null', 'null', 'body'],
  ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d), 'body'],
  ['1 MB of no JSON', megabyte, 'body'],
  ['1 MB of nesting', `{"url":${'['.repeat(2 ** 19)}${']'.repeat(2 ** 19)}}`, 'body'],
  ['1 MB in a field', `{"url":"http://example.com/${megabyte}"}`, 'url'],
  ['1 MB beside the field', `{"url":"http://example.com/","x":"${megabyte}"}`, '"x"'],
  ['a prototype', '{"__proto__":{"url":"http://example.com/"}}', '"__proto__"'],
  ['a constructor', '{"constructor":{"prototype":{"url":"http://example.com/"}}}', '"constructor"'],
];

/** Targets of a GET, as they go over the wire. */
export const badTargets: readonly (readonly [target: string, named: string])[] = [
  ['/urls', 'url or scan_id'],
  ['/urls?url=http://a.example.com/?x=1&y=2', '"y"'],
  ['/urls?url=http://a.example.com/&url=http://b.example.com/', 'url'],
  [`/urls?url=http://a.example.com/&scan_id=${hash}-1700000000`, 'url or scan_id'],
  ['/urls?URL=http://a.example.com/', '"URL"'],
  ['/urls?url=http://a.example.com/&__proto__=x', '"__proto__"'],
  ['/ip-addresses/203.0.113.7?hasOwnProperty=x', '"hasOwnProperty"'],
  ['/ip-addresses/203.0.113.7?details=brief', 'details'],
  ['/ip-addresses/203.0.113.7?details=', 'details'],
  ['/ip-addresses/203.0.113.7?details=full&details=summary', 'details'],
  ['/ip-addresses/203.0.113.7?ip=203.0.113.8', '"ip"'],
  ['/ip-addresses/203.0.113.7%00', 'ip'],
  ['/ip-addresses/203%252E0.113.7', 'ip'],
  ['/domains/example.com?policy=lenient', 'policy'],
  ['/domains/example.com%2f..%2f..%2fusers', 'domain'],
  ['/domains/%ff%fe', 'domain'],
  ['/domains/%zz', 'domain'],
  ['/files/%2e%2e%2f%2e%2e%2fusers%2fme', 'resource'],
  ['/files/%2500', 'resource'],
  [`/files/${hash}?hash=${hash}`, '"hash"'],
  ['/submissions/00000000-0000-4000-8000-000000000000?wait=1', '"wait"'],
  ['/submissions/00000000-0000-4000-8000-00000000000G', 'id'],
  ['/submissions/..%3aScanUpload%3ax', 'id'],
];

/** Adds an own property `__proto__`, which only JSON text can express. */
function withProto(example: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(example).replace(/\}$/, ',"__proto__":{"key":"x"}}');
}
