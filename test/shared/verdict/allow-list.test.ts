import { describe, expect, it } from 'vitest';
import type { IndicatorType } from '../../../shared/indicators/indicator-type.ts';
import { type Case, counted, finished, NOW, verdictOn } from './harness.ts';

const SHA256 = '0c'.repeat(32);
const MD5 = '0a'.repeat(16);
const SHA1 = '0b'.repeat(20);
const bad = { results: counted(50, 2, 70) };

type Allow = NonNullable<Exclude<Case['policy'], string | undefined>['allow']>;

function on(type: IndicatorType, indicator: string | null, allow: Allow, evidence: object = {}) {
  return verdictOn({ ...bad, ...evidence }, { type, indicator, policy: { allow } });
}

describe('an indicator on the allow list', () => {
  it('is clean, and the reasons say why and what was overridden', () => {
    const verdict = on('file', SHA256, [{ digest: SHA256, reason: 'our "installer"' }]);
    expect(verdict).toMatchObject({
      value: 'clean',
      reasons: [
        String.raw`It is on the allow list: "our \"installer\"".`,
        '52 of 70 engines call it malicious or suspicious, which the allow list overrides.',
      ],
      ratio: { malicious: 50, suspicious: 2, total: 70 },
      allowed_because: 'our "installer"',
    });
    expect(verdict.engines).toHaveLength(52);
  });

  it('is clean without mentioning detections if there are none', () => {
    const policy = { allow: [{ ip: '192.0.2.1', reason: 'ours' }] };
    const verdict = verdictOn(counted(0, 0, 70), { type: 'ip', indicator: '192.0.2.1', policy });
    expect(verdict).toMatchObject({
      value: 'clean',
      reasons: [
        'It is on the allow list: "ours".',
        'None of 70 engines calls it malicious or suspicious.',
      ],
    });
  });

  it('is clean even if a trusted engine detects it', () => {
    const policy = { file: { trust: ['M1'] }, allow: [{ digest: MD5, reason: 'ours' }] };
    expect(verdictOn(bad, { indicator: MD5, policy }).value).toBe('clean');
  });

  it('is unknown below 10 opinions', () => {
    const policy = { allow: [{ digest: SHA256, reason: 'ours' }] };
    expect(verdictOn(counted(5, 0, 9), { indicator: SHA256, policy })).toMatchObject({
      value: 'unknown',
      reasons: [
        '9 opinions are too few: a percentage or a clean verdict needs 10.',
        '5 of 9 engines call it malicious or suspicious, which the allow list overrides.',
        'It is on the allow list: "ours".',
      ],
      allowed_because: 'ours',
    });
  });

  it.each([
    [
      'unknown',
      undefined,
      0,
      'VirusTotal has no report on it, which does not mean that it is clean.',
    ],
    ['pending', undefined, -2, 'VirusTotal is still analysing it.'],
    ['skipped', 'not-sent', 0, `${finished.verbose_msg}.`],
  ] as const)('stays %s without a report', (value, evidence, response_code, reason) => {
    const policy = { allow: [{ digest: SHA256, reason: 'ours' }] };
    expect(
      verdictOn(evidence, { indicator: SHA256, policy, report: { response_code } }),
    ).toMatchObject({
      value,
      reasons: [
        reason,
        'It is on the allow list: "ours".',
        'The allow list overrides detections, but it does not replace a report.',
      ],
      allowed_because: 'ours',
    });
  });
});

describe('the expiry of an entry', () => {
  const until = (expires: number | string) =>
    on('file', SHA256, [{ digest: SHA256, reason: 'ours', expires }]);

  it.each([[NOW], [NOW + 0.5 * 86_400], ['2026-03-01'], ['2026-03-01T00:00:00Z']])(
    '%s is not reached',
    (expires) => {
      expect(until(expires).value).toBe('clean');
    },
  );

  it.each([[NOW - 1], ['2026-02-28'], ['2026-02-28T23:59:59Z']])('%s is past', (expires) => {
    expect(until(expires)).toMatchObject({
      value: 'malicious',
      reasons: [
        '50 of 70 engines call it malicious; the policy requires 3.',
        'Its entry on the allow list expired at 2026-02-28T23:59:59Z and is ignored: "ours".',
      ],
      allowed_because: null,
    });
  });

  it('names it as long as it is not reached', () => {
    expect(until('2027-01-31').reasons[0]).toBe(
      'It is on the allow list until 2027-01-31T23:59:59Z: "ours".',
    );
  });

  it('does not affect another entry, and is named in the reasons', () => {
    const allow = [
      { digest: SHA256, reason: 'old', expires: 0 },
      { digest: MD5, reason: 'new' },
    ];
    expect(on('file', SHA256, allow, { md5: MD5 })).toMatchObject({
      value: 'clean',
      allowed_because: 'new',
      reasons: [
        'It is on the allow list: "new".',
        '52 of 70 engines call it malicious or suspicious, which the allow list overrides.',
        'Its entry on the allow list expired at 1970-01-01T00:00:00Z and is ignored: "old".',
      ],
    });
  });

  it('of an entry for another indicator is not mentioned', () => {
    const allow = [{ digest: MD5, reason: 'old', expires: 0 }];
    expect(on('file', SHA256, allow).reasons).toHaveLength(1);
  });
});

describe('a digest', () => {
  it.each([
    ['by the requested digest', SHA256, {}],
    ["of VirusTotal's object", MD5, { sha256: SHA256 }],
    ["of VirusTotal's analysis", null, { fileSha256: SHA256 }],
  ])('matches a file %s', (_, indicator, evidence) => {
    const allow = [{ digest: ` ${SHA256.toUpperCase()} `, reason: 'ours' }];
    expect(on('file', indicator, allow, evidence).value).toBe('clean');
  });

  it.each([[MD5], [SHA1]])('%s matches a file that was requested by another digest', (digest) => {
    const evidence = { md5: MD5, sha1: SHA1, sha256: SHA256 };
    expect(on('file', SHA256, [{ digest, reason: 'ours' }], evidence).value).toBe('clean');
  });

  it('matches files only', () => {
    const allow = [{ digest: SHA256, reason: 'ours' }];
    expect(on('url', null, allow, { sha256: SHA256, url: 'http://x.example.com/' }).value).toBe(
      'malicious',
    );
  });
});

describe('a domain', () => {
  it.each([
    ['example.com', 'malicious', 'example.net'],
    ['example.com', 'clean', 'example.com'],
    ['example.com', 'clean', 'a.b.example.com'],
    ['example.com', 'malicious', 'notexample.com'],
    ['example.com', 'malicious', 'example.com.example.net'],
    ['a.example.com', 'malicious', 'example.com'],
    ['EXAMPLE[.]com.', 'clean', 'www.example.com'],
    ['bücher.example.com', 'clean', 'xn--bcher-kva.example.com'],
  ])('%s: %s for %s', (domain, value, indicator) => {
    expect(on('domain', indicator, [{ domain, reason: 'ours' }]).value).toBe(value);
  });

  it('does not match URLs at the domain', () => {
    const allow = [{ domain: 'example.com', reason: 'ours' }];
    expect(on('url', 'http://example.com/', allow).value).toBe('malicious');
  });
});

describe('a URL', () => {
  it.each([
    ['http://example.com', 'clean', 'http://example.com/'],
    ['hxxp://EXAMPLE[.]com:80/a', 'clean', 'http://example.com/a'],
    ['hxxps[://]example[.]com/a[.]exe', 'clean', 'https://example.com/a.exe'],
    ['http://example.com/a[.]exe', 'malicious', 'http://example.com/a.exe'],
    ['https://example.com:443/a', 'clean', 'https://example.com/a#part'],
    ['https://example.com/%7euser/%e9', 'clean', 'https://example.com/~user/%E9'],
    ['https://example.com/a/../b', 'clean', 'https://example.com/b'],
    ['http://bücher.example.com/', 'clean', 'http://xn--bcher-kva.example.com/'],
    ['http://example.com/', 'malicious', 'https://example.com/'],
    ['http://example.com/a', 'malicious', 'http://example.com/A'],
    ['http://example.com/a', 'malicious', 'http://example.com/a/'],
    ['http://example.com/a', 'malicious', 'http://example.com/a?x=1'],
    ['http://example.com/?a=1&b=2', 'malicious', 'http://example.com/?b=2&a=1'],
    ['http://example.com/a%2Fb', 'malicious', 'http://example.com/a/b'],
    ['http://example.com:8080/', 'malicious', 'http://example.com/'],
  ])('%s: %s for %s', (url, value, indicator) => {
    expect(on('url', indicator, [{ url, reason: 'ours' }]).value).toBe(value);
  });

  it("matches VirusTotal's canonical form of the URL", () => {
    const allow = [{ url: 'http://example.com/', reason: 'ours' }];
    expect(on('url', null, allow, { url: 'http://example.com/' }).value).toBe('clean');
  });
});

describe('an address', () => {
  it.each([
    ['192.0.2.1', 'clean', '192.0.2.1'],
    ['::ffff:192.0.2.1', 'clean', '192.0.2.1'],
    ['2001:DB8:0::1', 'clean', '2001:db8::1'],
    ['192.0.2.1', 'malicious', '192.0.2.10'],
  ])('%s: %s for %s', (ip, value, indicator) => {
    expect(on('ip', indicator, [{ ip, reason: 'ours' }]).value).toBe(value);
  });
});
