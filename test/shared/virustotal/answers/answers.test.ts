import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as virusTotal from '../../../../shared/virustotal/answers/index.ts';

const SHA256 = 'ab'.repeat(32);
const {
  analysisDescriptor,
  analysisObject,
  domainObject,
  fileObject,
  ipObject,
  overallQuotas,
  relatedObjects,
  uploadUrl,
  urlObject,
} = virusTotal;

describe('shape', () => {
  it.each([
    ['file', fileObject, { id: SHA256, attributes: {} }],
    ['url', urlObject, { id: SHA256, attributes: {} }],
    ['ip', ipObject, { id: '203.0.113.7', attributes: {} }],
    ['domain', domainObject, { id: 'example.com', attributes: {} }],
    ['analysis', analysisObject, { id: 'x', attributes: { status: 'queued' } }],
  ])('%s needs data, an id and attributes, and nothing more', (_, schema, data) => {
    expect(schema.safeParse({ data }).success).toBe(true);
    const broken: unknown[] = [null, 'x', [], {}, { data: null }, { data: [data] }];
    for (const body of [...broken, { data: { ...data, attributes: [] } }, { error: {} }]) {
      expect(schema.safeParse(body).success).toBe(false);
    }
  });

  it.each([
    ['file', fileObject],
    ['url', urlObject],
  ])('%s needs a SHA-256 as its id', (_, schema) => {
    for (const id of ['', 'x', 'ab'.repeat(16), `${SHA256}00`, 7, null]) {
      expect(schema.safeParse({ data: { id, attributes: {} } }).success).toBe(false);
    }
    const upper = schema.parse({ data: { id: SHA256.toUpperCase(), attributes: {} } });
    expect(upper.sha256).toBe(SHA256);
  });

  it('takes a URL under the id of its analysis, as recorded', () => {
    const data = { id: `u-${SHA256}-1599122231`, attributes: {} };
    expect(urlObject.parse({ data }).sha256).toBe(SHA256);
  });
});

describe('attributes', () => {
  it('are null where they are absent, odd or empty', () => {
    const odd = {
      last_analysis_date: '1700000000',
      last_analysis_results: 'x',
      last_analysis_stats: 7,
      first_submission_date: -1,
      last_submission_date: 1.5,
      type_description: '',
      popular_threat_classification: { suggested_threat_label: [] },
    };
    const nothing = {
      sha256: SHA256,
      md5: null,
      sha1: null,
      lastAnalysisDate: null,
      lastSubmissionDate: null,
      firstSubmissionDate: null,
      results: { opinions: [], positives: 0, suspicious: 0, total: 0 },
      threatLabel: null,
      typeDescription: null,
    };
    expect(fileObject.parse({ data: { id: SHA256, attributes: odd } })).toEqual(nothing);
    expect(fileObject.parse({ data: { id: SHA256, attributes: {} } })).toEqual(nothing);
  });

  it('of a date lie before the year 10000, which the form of a date cannot show', () => {
    const read = (date: number) =>
      fileObject.parse({ data: { id: SHA256, attributes: { last_analysis_date: date } } })
        .lastAnalysisDate;
    expect(read(253_402_300_799)).toBe(253_402_300_799);
    expect(read(253_402_300_800)).toBeNull();
    expect(read(0)).toBe(0);
  });

  it.each<[unknown, readonly string[] | null]>([
    [{ A: 'x', B: 'y', C: 'x' }, ['x', 'y', 'x']],
    [{ A: 'x', B: null, C: 7, D: '' }, ['x']],
    [
      ['x', 'y'],
      ['x', 'y'],
    ],
    [{}, []],
    [undefined, null],
    [null, null],
    ['x', null],
  ])('categories %j are %j', (categories, read) => {
    const data = { id: 'example.com', attributes: { categories } };
    expect(domainObject.parse({ data }).categories).toEqual(read);
  });
});

describe('inline names', () => {
  const read = (siblings: unknown) =>
    domainObject.parse({ data: { id: 'x.com', attributes: {}, relationships: { siblings } } })
      .siblings;
  const items = (n: number) =>
    Array.from({ length: n }, (_, i) => ({ type: 'domain', id: `d${i}.example.com` }));

  it.each([
    ['all', { data: items(2), links: { self: 's' } }, false],
    ['all, counted', { data: items(20), meta: { count: 20 } }, false],
    ['cut, counted', { data: items(20), meta: { count: 21 } }, true],
    ['cut, with a cursor', { data: items(20), meta: { cursor: 'abc' } }, true],
    ['cut, with a next page', { data: items(20), links: { next: 'https://x' } }, true],
    ['none', { data: [] }, false],
    ['with odd links', { data: items(1), meta: 7, links: [] }, false],
  ])('%s', (_, list, isCut) => {
    const names = list.data.map(({ id }) => id);
    expect(read(list)).toEqual({ names, isCut });
  });

  it('leave out what is no name, and are null where there is no list', () => {
    expect(read({ data: [{ id: 'a.com' }, { id: 7 }, null, 'b.com', { id: '' }] })).toEqual({
      names: ['a.com'],
      isCut: false,
    });
    expect([read(undefined), read(null), read({}), read([])]).toEqual([null, null, null, null]);
  });
});

describe('relatedObjects', () => {
  it('leaves out objects that VirusTotal no longer has', () => {
    const gone = { type: 'file', id: 'cd'.repeat(32), error: { code: 'NotFoundError' } };
    const there = { type: 'file', id: SHA256, attributes: { last_analysis_date: 5 } };
    expect(relatedObjects.parse({ data: [gone, there, null, 'x'] })).toEqual({
      objects: [
        {
          ...{ id: SHA256, url: null, lastAnalysisDate: 5 },
          results: { opinions: [], positives: 0, suspicious: 0, total: 0 },
        },
      ],
      isCut: false,
    });
  });

  it.each([
    [{ meta: { cursor: 'STEwCi4=' } }, true],
    [{ links: { next: 'https://www.virustotal.com/next' } }, true],
    [{ meta: { count: 1 } }, true],
    [{ meta: { count: 0 }, links: { self: 'x' } }, false],
    [{ meta: { cursor: '' } }, false],
    [{}, false],
  ])('is cut or not: %j', (rest, isCut) => {
    expect(relatedObjects.parse({ data: [], ...rest }).isCut).toBe(isCut);
  });
});

describe('analysisObject', () => {
  const results = { A: { category: 'malicious' } };
  const read = (status: string, rest: object = {}) =>
    analysisObject.parse({
      data: { attributes: { status, date: 5, results }, ...rest },
      ...rest,
    });

  it('has results only once it is completed', () => {
    expect(read('completed')).toMatchObject({ isCompleted: true, date: 5 });
    expect(read('completed').results.positives).toBe(1);
    for (const status of ['queued', 'in-progress', 'some-new-status']) {
      expect(read(status)).toMatchObject({ isCompleted: false, results: { total: 0 } });
    }
  });

  it('tells what it is about, from meta or else from the link', () => {
    const url = { url_info: { id: SHA256.toUpperCase(), url: 'http://example.com/' } };
    expect(read('queued', { meta: url })).toMatchObject({
      urlSha256: SHA256,
      url: 'http://example.com/',
      fileSha256: null,
    });
    expect(read('queued', { meta: { file_info: { sha256: SHA256 } } }).fileSha256).toBe(SHA256);
    const item = `https://www.virustotal.com/api/v3/files/${SHA256}`;
    expect(read('queued', { links: { item } }).fileSha256).toBe(SHA256);
    expect(read('queued', { links: { item: `${item}/x` } }).fileSha256).toBeNull();
  });
});

it.each([
  [{ data: { type: 'analysis', id: 'abc' } }, { id: 'abc' }],
  [{ data: { type: 'analysis', id: 1_599_055_355 } }, { id: 1_599_055_355 }],
])('analysisDescriptor takes %j', (body, descriptor) => {
  expect(analysisDescriptor.parse(body)).toEqual(descriptor);
});

it('analysisDescriptor and uploadUrl refuse what they cannot use', () => {
  for (const id of ['', null, 1.5, {}, undefined]) {
    expect(analysisDescriptor.safeParse({ data: { id } }).success).toBe(false);
  }
  expect(uploadUrl.parse({ data: 'https://bigfiles.virustotal.com/x' })).toBe(
    'https://bigfiles.virustotal.com/x',
  );
  expect(uploadUrl.safeParse({ data: {} }).success).toBe(false);
});

it('throws for no answer whatever', () => {
  const schemas = [
    ...[fileObject, urlObject, ipObject, domainObject, analysisObject, relatedObjects],
    ...[analysisDescriptor, uploadUrl, overallQuotas],
  ];
  const key = fc.constantFrom('data', 'id', 'attributes', 'meta', 'links', 'relationships', 'x');
  const { tree: body } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.dictionary(key, tie('tree')),
      fc.array(tie('tree'), { maxLength: 3 }),
    ),
  }));
  fc.assert(
    fc.property(fc.constantFrom(...schemas), body, (schema, answer) => {
      expect(() => schema.safeParse(answer)).not.toThrow();
    }),
    { numRuns: 1000 },
  );
});
