/**
 * Judges recorded real answers, and compares with what this test works out from the raw JSON by itself.
 * The recordings are no part of the project; without them this is skipped.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../shared/verdict/judge.ts';
import type { IndicatorType } from '../../../shared/verdict/presets.ts';
import * as schemas from '../../../shared/virustotal/answers/index.ts';
import { verdictOn } from './harness.ts';

const recorded = new URL('../../../../shared/virustotal-recorded/v3/', import.meta.url);
const areMissing = !existsSync(recorded);
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
  ['file-report-themains', 'file', file, all('malicious')],
  ['file-report-pwelch', 'file', file, all('malicious')],
  ['url-report-encoding-pwelch', 'url', url, { ...all('malicious'), conservative: 'suspicious' }],
  ['url-report-pwelch', 'url', url, all('clean')],
  ['analysis-url-completed-pwelch', 'url', analysis, all('clean')],
  ['ip-report-pwelch', 'ip', ip, all('clean')],
  ['domain-report-pwelch', 'domain', domain, all('clean')],
  // One of 91 engines: the reason why one alone does not make a domain suspicious by default.
  [
    'domain-report-themains',
    'domain',
    domain,
    { balanced: 'clean', aggregate: 'suspicious', strict: 'malicious', conservative: 'clean' },
  ],
];

describe.skipIf(areMissing)('recorded answers (needs ../shared/virustotal-recorded)', () => {
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
    const evidence = file(read('file-report-themains'));
    const { md5, sha1 } = read('file-report-themains').data.attributes;
    for (const digest of [md5, sha1]) {
      const policy = { allow: [{ digest, reason: 'a sample of ours' }] };
      expect(verdictOn(evidence, { policy })).toMatchObject({
        value: 'clean',
        allowed_because: 'a sample of ours',
      });
    }
  });
});
