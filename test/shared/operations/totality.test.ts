/** Mappers and verdicts are total: whatever attributes VirusTotal returns, the output matches its schema. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { IndicatorType } from '../../../shared/indicators/indicator-type.ts';
import { parseFileScanId, parseUrlScanId } from '../../../shared/indicators/scan-id.ts';
import * as operations from '../../../shared/operations/catalogue.ts';
import { domainReputationFound } from '../../../shared/operations/domain-reputation/map.ts';
import {
  fileReputationFound,
  fileReputationFromAnalysis,
} from '../../../shared/operations/file-reputation/map.ts';
import { ipReputationFound } from '../../../shared/operations/ip-reputation/map.ts';
import { outputs } from '../../../shared/operations/outputs.ts';
import { submitFileKnown, submitFileQueued } from '../../../shared/operations/submit-file/map.ts';
import { submitUrlQueued } from '../../../shared/operations/submit-url/map.ts';
import {
  urlReputationFound,
  urlReputationFromAnalysis,
} from '../../../shared/operations/url-reputation/map.ts';
import { type Evidence, type Report, withVerdict } from '../../../shared/verdict/with-verdict.ts';
import * as virusTotal from '../../../shared/virustotal/answers/index.ts';

const ID = 'ab'.repeat(32);
const odd = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.integer(), fc.constant(undefined));
const epoch = fc.oneof(odd, fc.integer({ min: 0, max: 4_000_000_000 }), fc.maxSafeNat());
const word = fc.oneof(odd, fc.constantFrom('malicious', 'harmless', 'timeout', 'clean', ''));
const engine = fc.record(
  { category: word, result: word, engine_version: odd, engine_update: odd },
  { requiredKeys: [] },
);
const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', '7'));
/** As `JSON.parse` makes it: own properties of any name. */
const byName = (value: fc.Arbitrary<unknown>) =>
  fc.array(fc.tuple(name, value), { maxLength: 6 }).map((pairs) => Object.fromEntries(pairs));
const results = fc.oneof(odd, byName(fc.oneof(engine, odd)));
const stats = fc.oneof(odd, byName(odd), fc.record({ malicious: odd, harmless: fc.nat() }));

const analysed = {
  ...{ last_analysis_date: epoch, last_analysis_results: results, last_analysis_stats: stats },
};
const attributes = fc.record(
  {
    ...analysed,
    ...{ first_submission_date: epoch, last_submission_date: epoch, type_description: odd },
    popular_threat_classification: fc.oneof(odd, fc.record({ suggested_threat_label: odd })),
    ...{ url: odd, as_owner: odd, asn: odd, country: odd, whois: odd, whois_date: epoch },
    categories: fc.oneof(odd, byName(odd)),
  },
  { requiredKeys: [] },
);
const item = fc.oneof(
  odd,
  fc.record({ id: fc.oneof(odd, fc.string()) }),
  fc.record({ id: fc.string(), attributes }),
);
const list = fc.oneof(
  odd,
  fc.record({ data: fc.oneof(odd, fc.array(item)), meta: odd, links: odd }),
);
const page = fc
  .record({ data: fc.array(item), meta: odd, links: odd })
  .map((body) => virusTotal.relatedObjects.parse(body));
const lists = fc.oneof(
  page,
  fc.constantFrom('premium', 'tier', 'summary', 'absent').map((unavailable) => ({ unavailable })),
);
const relationships = fc.oneof(odd, fc.record({ siblings: list, subdomains: list }));

const judged = (type: IndicatorType, report: Report, evidence: Evidence) => ({
  ...withVerdict(report, {
    type,
    indicator: null,
    policy: 'balanced',
    evidence,
    nowSeconds: 1_700_000_000,
  }),
  cached: false,
  cached_at: null,
});

/** Expects the output to match its schema, to survive JSON, and to have consistent counts. */
function check({ name }: operations.Operation, output: object): void {
  const schema = outputs[name];
  expect(z.safeParse(schema, output).error).toBeUndefined();
  expect(Object.values(output)).not.toContain(undefined);
  expect(Object.values(output)).not.toContain('');
  expect(JSON.parse(JSON.stringify(output))).toEqual(output);
  const { positives, total, aggregate } = { positives: 0, total: 0, aggregate: 0, ...output };
  if (positives !== null && total !== null) expect(positives).toBeLessThanOrEqual(total);
  if (aggregate !== null) expect(aggregate).toBeLessThanOrEqual(100);
}

describe('any attributes', () => {
  const fileScanId = fc.constantFrom(null, parseFileScanId(`${ID}-1700000000`));
  const urlScanId = fc.constantFrom(null, parseUrlScanId(`${ID}-1700000000`));

  it('of a file', () => {
    fc.assert(
      fc.property(attributes, fileScanId, (given, scanId) => {
        const file = virusTotal.fileObject.parse({ data: { id: ID, attributes: given } });
        check(
          operations.fileReputation,
          judged('file', fileReputationFound({ resource: ID, scanId }, file), file),
        );
        const digests = { md5: 'a', sha1: 'b', sha256: ID };
        check(operations.submitFile, submitFileKnown(digests, file));
      }),
    );
  });

  it('of a URL', () => {
    fc.assert(
      fc.property(attributes, urlScanId, (given, scanId) => {
        const url = virusTotal.urlObject.parse({ data: { id: ID, attributes: given } });
        const query = { resource: ID, url: null, scanId };
        check(operations.urlReputation, judged('url', urlReputationFound(query, url), url));
      }),
    );
  });

  it('of an address and its lists', () => {
    fc.assert(
      fc.property(attributes, lists, lists, lists, (given, a, b, c) => {
        const ip = virusTotal.ipObject.parse({ data: { id: 'x', attributes: given } });
        const related = { downloadedFiles: a, referrerFiles: b, urls: c };
        check(
          operations.ipReputation,
          judged('ip', ipReputationFound('192.0.2.1', ip, related), ip),
        );
      }),
    );
  });

  it('of a domain, its names and its lists', () => {
    fc.assert(
      fc.property(attributes, relationships, lists, lists, (given, names, a, b) => {
        const data = { id: 'x', attributes: given, relationships: names };
        const domain = virusTotal.domainObject.parse({ data });
        const related = { downloadedFiles: a, urls: b };
        const output = domainReputationFound('example.com', domain, related);
        check(operations.domainReputation, judged('domain', output, domain));
      }),
    );
  });

  it('of an analysis', () => {
    const status = fc.oneof(fc.constantFrom('completed', 'queued'), fc.string());
    const given = fc.record({ status, date: epoch, results, stats });
    const meta = fc.oneof(odd, fc.record({ file_info: odd, url_info: fc.record({ url: odd }) }));
    const ofFile = { original: 'x', sha256: null, epoch: 5, analysisId: 'x' };
    const scanId = parseUrlScanId(`u-${ID}-1700000000`);
    fc.assert(
      fc.property(given, meta, odd, (given, meta, links) => {
        const body = { data: { attributes: given, links }, meta };
        const analysis = virusTotal.analysisObject.parse(body);
        const file = fileReputationFromAnalysis({ resource: 'x', scanId: ofFile }, analysis);
        check(operations.fileReputation, judged('file', file, analysis));
        const query = { resource: 'x', url: null, scanId };
        check(
          operations.urlReputation,
          judged('url', urlReputationFromAnalysis(query, analysis), analysis),
        );
      }),
    );
  });
});

it('any analysis id of a submission', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.base64String({ minLength: 4 })),
      (id) => {
        check(operations.submitFile, submitFileQueued({ md5: 'a', sha1: 'b', sha256: ID }, id));
        check(operations.submitUrl, submitUrlQueued('http://example.com/', id));
      },
    ),
  );
});
