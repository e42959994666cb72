import { expect, it } from 'vitest';
import { compactReport } from '../../../shared/enrichment/compact-report.ts';

it('keeps the main fields, and leaves the lists out', () => {
  const report = {
    response_code: 1,
    positives: 3,
    total: 70,
    aggregate: 4,
    scan_date: '2026-01-01 00:00:00',
    permalink: 'https://www.virustotal.com/gui/ip-address/203.0.113.7',
    as_owner: null,
    detected_urls: [{ url: 'x' }],
    whois: 'long',
    verdict: { value: 'malicious', reasons: ['one', 'two', 'three'], policy: {} },
  };
  expect(compactReport(report)).toEqual({
    response_code: 1,
    positives: 3,
    total: 70,
    aggregate: 4,
    scan_date: '2026-01-01 00:00:00',
    permalink: 'https://www.virustotal.com/gui/ip-address/203.0.113.7',
    as_owner: null,
    verdict: 'malicious',
    reasons: ['one', 'two'],
  });
});

it('has no verdict if the report has none', () => {
  expect(compactReport({})).toEqual({ verdict: null, reasons: [] });
});

it.each(['x', 'é', '漢', '😀', '"', '\u0001', '\ud800'])(
  'stays under 1,200 bytes of %j',
  (text) => {
    const long = text.repeat(5000);
    const names = 'scan_date permalink threat_label type_description country as_owner whois';
    const report = {
      ...Object.fromEntries(names.split(' ').map((name) => [name, long])),
      response_code: 1,
      positives: 100,
      total: 100,
      aggregate: 100,
      asn: 4_294_967_295,
      verdict: { value: 'suspicious', reasons: [long, long, long] },
    };
    const compact = compactReport(report);
    expect(Buffer.byteLength(JSON.stringify(compact))).toBeLessThan(1200);
    expect(compact.as_owner).toMatch(/^.{10,77}\.\.\.$/su);
  },
);
