import { describe, expect, it } from 'vitest';
import { classify } from '../../../shared/indicators/classify.ts';
import { InvalidIndicator } from '../../../shared/indicators/invalid.ts';

describe('classify', () => {
  it.each([
    ['44D88612FEA8A8F36DE82E1278ABB02F', 'file'],
    [' 3395856ce81f2b7382dee72602f798b642f14140\n', 'file'],
    ['a'.repeat(64), 'file'],
    ['203.0.113.7', 'ip'],
    ['203[.]0[.]113[.]7', 'ip'],
    ['2001:db8::1', 'ip'],
    ['2001[:]db8::1', 'ip'],
    ['example.com', 'domain'],
    ['example[.]com', 'domain'],
    ['EXAMPLE(dot)com.', 'domain'],
    ['münchen.example.org', 'domain'],
    ['setup.zip', 'domain'],
    ['https://example.com/', 'url'],
    ['hxxp://203[.]0[.]113[.]7/a', 'url'],
    ['hXXps[:]//example[.]com', 'url'],
    ['example.com/path', 'url'],
    ['example[.]com/path?q=1', 'url'],
    ['203.0.113.7:8080', 'url'],
    ['example.com:8443', 'url'],
    ['https://user:pass@example.com/', 'url'],
    ['[2001:db8::1]:8080', 'url'],
    ['203.0.113.7/80/x', 'url'],
    ['203.0.113.7/24/x', 'url'],
    ['203.0.113.7/24/', 'url'],
    ['203.0.113.7/24?x', 'url'],
    ['203.0.113.7/80', 'url'],
    ['203.0.113.7/index.html', 'url'],
    ['203.0.113.7/10.0.0.1', 'url'],
    ['[2001:db8::1]/32/x', 'url'],
    ['example[.]com[:]8080', 'url'],
    ['example[.]com[/]path', 'url'],
    ['-sso.example.com', 'domain'],
    ['example.com/a@b.example', 'url'],
    ['user@example.com/path', 'url'],
    ['203.0.113.7/0024', 'url'],
  ])('%j is %s', (text, type) => {
    expect(classify(text)).toBe(type);
  });

  it.each([
    ['', 'it is empty'],
    ['   ', 'it is empty'],
    [`${'a'.repeat(64)}-1700000000`, 'it is a scan_id'],
    ['203.0.113.0/24', 'it is a range of addresses'],
    ['203[.]0[.]113[.]0/24', 'it is a range of addresses'],
    ['2001:db8::/32', 'it is a range of addresses'],
    ['2001:db8::/128', 'it is a range of addresses'],
    ['203.0.113.7/32', 'it is a range of addresses'],
    ['203[.]0[.]113[.]0[/]24', 'it is a range of addresses'],
    ['203.0.113.0/255.255.255.0', 'it is a range of addresses'],
    ['2001:db8::/32/x', 'its host or port is malformed'],
    ['someone[at]example[.]com', 'it is an e-mail address'],
    ['someone@example.com', 'it is an e-mail address'],
    ['ftp://example.com/', 'its scheme'],
    ['two words', 'white space'],
    ['example.com:8443x', 'it has ":", which is not allowed in names'],
    ['a'.repeat(9000), '9000 characters'],
  ])('refuses %j: %s', (text, reason) => {
    expect(() => classify(text)).toThrow(InvalidIndicator);
    expect(() => classify(text)).toThrow(reason);
  });
});
