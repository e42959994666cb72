/** Parses policies, and refuses bad ones with a message. */
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../shared/errors.ts';
import { ipReputation } from '../../../shared/operations/catalogue.ts';
import { parseInput } from '../../../shared/schema/parse-input.ts';
import { configuredPolicy } from '../../../shared/verdict/configured-policy.ts';
import { parsePolicy } from '../../../shared/verdict/parse-policy.ts';

function messageOf(policy: unknown): string {
  try {
    parseInput(ipReputation.input, { ip: '192.0.2.1', policy });
  } catch (error) {
    if (error instanceof InvalidInputError) return error.message;
    throw error;
  }
  throw new Error('the policy was taken');
}

const WHOLE =
  'Verdict policy: a preset (balanced, aggregate, strict, conservative) or, except over HTTP, an object (docs/verdict.md). Default: the configured policy';
const COUNT = 'Number of engines, an integer from 1 to 200';
const PERCENT =
  'Percentage, round(100 * malicious / total), an integer from 1 to 100; needs at least 10 opinions';
const MALICIOUS = 'Threshold for malicious: count, percent or both; reaching one is enough';
const TYPE = 'Rules for this type: malicious, suspicious, trust, ignore, veto';
const ENGINE = "Name of an engine as in VirusTotal's results, in any case, 1 to 64 characters";
const ENTRY = 'An entry: one of digest, domain, url and ip, with a reason and optionally expires';
const EXPIRES =
  'When the entry expires: epoch seconds, YYYY-MM-DD (its last day, UTC) or YYYY-MM-DDThh:mm:ssZ';
const DOMAIN =
  'a domain name of at most 253 characters, without scheme, port or path; may be defanged or internationalised';
const entry = (fields: object) => ({ allow: [{ reason: 'ours', ...fields }] });

describe('a bad policy of a call', () => {
  it.each<[unknown, string]>([
    ['Strict', `policy: got "Strict"; allowed: ${WHOLE}`],
    ['', `policy: got an empty string; allowed: ${WHOLE}`],
    ['constructor', `policy: got "constructor"; allowed: ${WHOLE}`],
    [7, `policy: got the number 7; allowed: ${WHOLE}`],
    [null, `policy: got null; allowed: ${WHOLE}`],
    [['strict'], `policy: got an array of 1; allowed: ${WHOLE}`],
    [
      { files: {} },
      '"files": unknown property of policy; allowed: name, preset, file, url, ip, domain, allow',
    ],
    [
      JSON.parse('{"__proto__":{"preset":"strict"}}'),
      '"__proto__": unknown property of policy; allowed: name, preset, file, url, ip, domain, allow',
    ],
    [{ file: 7 }, `policy.file: got the number 7; allowed: ${TYPE}`],
    [
      { ip: { veto: [], vetoes: [] } },
      '"vetoes": unknown property of policy.ip; allowed: malicious, suspicious, trust, ignore, veto',
    ],
    [
      { file: { malicious: {} } },
      `policy.file.malicious: got an empty object (it has neither count nor percent); allowed: ${MALICIOUS}`,
    ],
    [
      { file: { malicious: { count: 0 } } },
      `policy.file.malicious.count: got the number 0; allowed: ${COUNT}`,
    ],
    [
      { url: { suspicious: { count: '3' } } },
      `policy.url.suspicious.count: got "3"; allowed: ${COUNT}`,
    ],
    [
      { ip: { malicious: { percent: 101 } } },
      `policy.ip.malicious.percent: got the number 101; allowed: ${PERCENT}`,
    ],
    [
      { domain: { trust: 'Alpha' } },
      'policy.domain.trust: got "Alpha"; allowed: Up to 100 names of engines that decide alone',
    ],
    [
      { domain: { ignore: ['Alpha', ''] } },
      `policy.domain.ignore.1: got an empty string; allowed: ${ENGINE}`,
    ],
    [{ allow: [{ reason: 'ours' }] }, entryMessage('an object with "reason"')],
    [
      entry({ ip: '192.0.2.1', domain: 'a.example' }),
      entryMessage('an object with "reason", "ip", "domain"'),
    ],
    [
      { allow: [{ ip: '192.0.2.1' }] },
      'policy.allow.0.reason: got nothing; allowed: Why the indicator is allowed, 1 to 200 characters; the verdict quotes it',
    ],
    [
      entry({ ip: '192.0.2' }),
      'policy.allow.0.ip: got "192.0.2" (it is not an address); allowed: one IPv4 (four decimal numbers) or IPv6 address, without port, brackets, zone or prefix length',
    ],
    [
      entry({ domain: 'com' }),
      `policy.allow.0.domain: got "com" (it is a single label); allowed: ${DOMAIN}`,
    ],
    [
      entry({ ip: '192.0.2.1', expires: '2026-02-30' }),
      `policy.allow.0.expires: got "2026-02-30" (it is not a valid date); allowed: ${EXPIRES}`,
    ],
    [
      entry({ ip: '192.0.2.1', expires: '1.3.2026' }),
      `policy.allow.0.expires: got "1.3.2026" (it is not a valid date); allowed: ${EXPIRES}`,
    ],
    [
      entry({ ip: '192.0.2.1', expires: -1 }),
      `policy.allow.0.expires: got the number -1; allowed: ${EXPIRES}`,
    ],
    [
      { allow: Array.from({ length: 501 }, () => ({ ip: '192.0.2.1', reason: 'x' })) },
      'policy.allow: got an array of 501; allowed: Up to 500 entries for indicators that are known to be good',
    ],
  ])('%#', (policy, message) => {
    expect(messageOf(policy)).toBe(message);
  });

  it('names every bad field at once', () => {
    expect(messageOf({ file: { malicious: { count: 0 } }, url: 7, x: 1 })).toBe(
      [
        `policy.file.malicious.count: got the number 0; allowed: ${COUNT}`,
        `policy.url: got the number 7; allowed: ${TYPE}`,
        '"x": unknown property of policy; allowed: name, preset, file, url, ip, domain, allow',
      ].join('; '),
    );
  });
});

function entryMessage(got: string): string {
  return `policy.allow.0: got ${got} (it must have exactly one of digest, domain, url and ip); allowed: ${ENTRY}`;
}

describe('a policy of the configuration', () => {
  const text = '{"preset":"strict","ip":{"veto":["Alpha"]}}';

  it.each([
    ['strict', 'strict'],
    [text, { preset: 'strict', ip: { veto: ['Alpha'] } }],
    [` \n${text}`, { preset: 'strict', ip: { veto: ['Alpha'] } }],
    [{ preset: 'strict' }, { preset: 'strict' }],
  ])('is taken as a name, as JSON text and as an object: %j', (given, parsed) => {
    expect(parsePolicy(given, 'verdictPolicy')).toEqual(parsed);
  });

  it.each([
    ['lenient', `verdictPolicy: got "lenient"; allowed: ${WHOLE}`],
    [
      '{"preset":',
      `verdictPolicy: got "{\\"preset\\":"; allowed: a preset's name, or valid JSON of a policy`,
    ],
    ['{"file":7}', `verdictPolicy.file: got the number 7; allowed: ${TYPE}`],
    [
      '{"x":7}',
      '"x": unknown property of verdictPolicy; allowed: name, preset, file, url, ip, domain, allow',
    ],
    [undefined, `verdictPolicy: got nothing; allowed: ${WHOLE}`],
  ])('%j is refused, naming the setting', (given, message) => {
    expect(() => parsePolicy(given, 'verdictPolicy')).toThrow(new InvalidInputError(message));
  });

  it('is balanced if the variable is not set', () => {
    expect(configuredPolicy({})).toBe('balanced');
    expect(configuredPolicy({ VIRUSTOTAL_VERDICT_POLICY: '' })).toBe('balanced');
  });

  it('is read from the environment', () => {
    expect(configuredPolicy({ VIRUSTOTAL_VERDICT_POLICY: 'strict' })).toBe('strict');
    expect(configuredPolicy({ VIRUSTOTAL_VERDICT_POLICY: text })).toMatchObject({
      preset: 'strict',
    });
  });

  it('fails a cold start if it is malformed, and says why', () => {
    expect(() => configuredPolicy({ VIRUSTOTAL_VERDICT_POLICY: '{"file":7}' })).toThrow(
      `bad environment: VIRUSTOTAL_VERDICT_POLICY.file: got the number 7; allowed: ${TYPE}`,
    );
  });
});
