/** Judges recorded answers and compares the verdicts with values computed here from the raw JSON. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { IndicatorType } from '../../../shared/indicators/indicator-type.ts';
import type { Evidence } from '../../../shared/verdict/with-verdict.ts';
import * as schemas from '../../../shared/virustotal/answers/index.ts';
import { verdictOn } from './harness.ts';

const recorded = new URL('../../fixtures/virustotal/recorded/', import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, recorded), 'utf8'));

interface RawResult {
  readonly category: string;
  readonly result: string | null;
}

const silent = ['type-unsupported', 'timeout', 'confirmed-timeout', 'failure'];

type Row = [
  name: string,
  type: IndicatorType,
  parse: (body: unknown) => Evidence,
  values: { balanced: string; aggregate: string; strict: string; conservative: string },
];

const file = (body: unknown) => schemas.fileObject.parse(body);
const url = (body: unknown) => schemas.urlObject.parse(body);
const ip = (body: unknown) => schemas.ipObject.parse(body);
const domain = (body: unknown) => schemas.domainObject.parse(body);
const analysis = (body: unknown) => schemas.analysisObject.parse(body);

const all = (value: string) => ({
  ...{ balanced: value, aggregate: value, strict: value, conservative: value },
});

const rows: Row[] = [
  ['file-2026', 'file', file, all('malicious')],
  ['file-2020', 'file', file, all('malicious')],
  ['url-2021', 'url', url, { ...all('malicious'), conservative: 'suspicious' }],
  ['url-2020', 'url', url, all('clean')],
  ['analysis-url-completed', 'url', analysis, all('clean')],
  ['ip-2020', 'ip', ip, all('clean')],
  ['domain-2020', 'domain', domain, all('clean')],
  // One of 91 engines: the reason why one alone does not make a domain suspicious by default.
  [
    'domain-2026',
    'domain',
    domain,
    { balanced: 'clean', aggregate: 'suspicious', strict: 'malicious', conservative: 'clean' },
  ],
];

describe('recorded answers', () => {
  it.each(rows)('%s', (name, type, parse, values) => {
    const body = read(name);
    const { last_analysis_results, results } = body.data.attributes;
    const raw: [string, RawResult][] = Object.entries(last_analysis_results ?? results);
    const spoken = raw.filter(([, { category }]) => !silent.includes(category));
    const saying = (wanted: string) => spoken.filter(([, { category }]) => category === wanted);
    const evidence = parse(body);

    for (const [policy, value] of Object.entries(values)) {
      expect(verdictOn(evidence, { type, policy })).toMatchObject({
        value,
        ratio: {
          malicious: saying('malicious').length,
          suspicious: saying('suspicious').length,
          total: spoken.length,
          percentage: Number(((100 * saying('malicious').length) / spoken.length).toFixed(0)),
        },
        engines: spoken
          .filter(([, { category }]) => category === 'malicious' || category === 'suspicious')
          .map(([engine, { category, result }]) => ({ engine, category, label: result })),
      });
    }
  });

  it('a recorded file can be allowed by its MD5 and SHA-1', () => {
    const evidence = file(read('file-2026'));
    const { md5, sha1 } = read('file-2026').data.attributes;
    for (const digest of [md5, sha1]) {
      const policy = { allow: [{ digest, reason: 'a sample of ours' }] };
      expect(verdictOn(evidence, { policy })).toMatchObject({
        value: 'clean',
        allowed_because: 'a sample of ours',
      });
    }
  });
});
