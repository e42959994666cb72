import { BlockList, isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidIndicator } from '../../../shared/indicators/invalid.ts';
import { parseIpAddress } from '../../../shared/indicators/ip-address.ts';

describe('IPv4', () => {
  it('accepts every address, plain or defanged', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom('.', '[.]', '(.)', '{.}', '[dot]'), (ip, mark) => {
        expect(parseIpAddress(` ${ip.replaceAll('.', mark)}\n`)).toBe(ip);
      }),
    );
  });

  it.each([
    ['010.0.0.1', 'it has a number above 255 or with leading zeros'],
    ['1.2.3.256', 'it has a number above 255 or with leading zeros'],
    ['1.2.3.04', 'it has a number above 255 or with leading zeros'],
    ['2130706433', 'it is not an address'],
    ['0x7f.0.0.1', 'it is not an address'],
    ['0x7f000001', 'it is not an address'],
    ['127.1', 'it is not an address'],
    ['1.2.3', 'it is not an address'],
    ['1.2.3.4.', 'it is not an address'],
    ['1.2.3.4.5', 'it is not an address'],
    ['.1.2.3.4', 'it is not an address'],
    ['-1.2.3.4', 'it is not an address'],
    ['１.２.３.４', 'it is not an address'],
    ['1.2.3.4:80', 'it has a port'],
    ['10.0.0.0/8', 'it has a prefix length or a path'],
    ['../1.2.3.4', 'it has a prefix length or a path'],
    ['1.2.3.4%2f', 'it has a zone or is encoded twice'],
    ['[1.2.3.4]', 'it has brackets'],
    ['[1.2.3.4', 'it has brackets'],
    ['1.2.3.4]', 'it has brackets'],
    ['1.2.3.4'.padEnd(201), 'it has 201 characters'],
    ['1.2.3.4\u0000', 'it is not an address'],
    ['1.2 .3.4', 'it is not an address'],
    ['example.com', 'it is not an address'],
    ['', 'it is not an address'],
  ])('refuses %j', (text, reason) => {
    expect(() => parseIpAddress(text)).toThrow(new InvalidIndicator(reason));
  });
});

describe('IPv6', () => {
  // The examples of RFC 5952, sections 2 and 4.
  it.each([
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8::1'.padEnd(200), '2001:db8::1'],
    ['2001:0db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8::0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:DB8:0:0:1::1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['2001[:]db8[:][:]1', '2001:db8::1'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
    ['::8.8.8.8', '::808:808'],
  ])('%s -> %s', (given, shortest) => {
    expect(parseIpAddress(given)).toBe(shortest);
  });

  it.each([
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::FFFF:0a00:1', '10.0.0.1'],
    ['0:0:0:0:0:ffff:192.168.0.1', '192.168.0.1'],
    ['64:ff9b::10.0.0.1', '10.0.0.1'],
    ['64:ff9b::808:808', '8.8.8.8'],
    ['64:ff9b:1::a00:1', '64:ff9b:1::a00:1'],
    ['2002:a00:1::', '10.0.0.1'],
    ['2002:c0a8:1:ffff::1', '192.168.0.1'],
    ['2002:808:808::808:808', '8.8.8.8'],
    ['2001:0:808:808::1', '2001:0:808:808::1'],
    ['2003:a00:1::', '2003:a00:1::'],
  ])('unwraps %s to %s', (given, carried) => {
    expect(parseIpAddress(given)).toBe(carried);
  });

  it('names the same address, in a form that is its own shortest form', () => {
    fc.assert(
      fc.property(fc.ipV6(), (ip) => {
        const parsed = parseIpAddress(ip);
        const same = new BlockList();
        same.addAddress(ip, 'ipv6');
        const is6to4 = /^2002:/.test(ip);
        const spellings = isIPv4(parsed) ? [`::ffff:${parsed}`, `64:ff9b::${parsed}`] : [parsed];
        expect(is6to4 || spellings.some((spelling) => same.check(spelling, 'ipv6'))).toBe(true);
        expect(parseIpAddress(parsed)).toBe(parsed);
      }),
    );
  });

  it('accepts nothing that Node.js refuses', () => {
    const part = fc.constantFrom('0', '1', '255', '256', '08', 'ffff', 'db8', '.', ':', '::', 'g');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
        const text = parts.join('');
        let isTaken = true;
        try {
          parseIpAddress(text);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidIndicator);
          isTaken = false;
        }
        expect(isTaken).toBe(isIPv4(text) || isIPv6(text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['::ffff:010.0.0.1', 'it is not an address'],
    ['::ffff:08.1.1.1', 'it is not an address'],
    ['::ffff:0x7f.0.0.1', 'it is not an address'],
    ['1::2::3', 'it is not an address'],
    ['1:2:3:4:5:6:7:8:9', 'it is not an address'],
    [':1::', 'it is not an address'],
    ['00001::', 'it is not an address'],
    ['[::1]', 'it has brackets'],
    ['[::1]:443', 'it has brackets'],
    ['fe80::1%eth0', 'it has a zone or is encoded twice'],
    ['2001%3Adb8::1', 'it has a zone or is encoded twice'],
    ['2001:db8::/32', 'it has a prefix length or a path'],
  ])('refuses %s', (text, reason) => {
    expect(() => parseIpAddress(text)).toThrow(new InvalidIndicator(reason));
  });
});

it('refuses a megabyte at once', () => {
  const start = performance.now();
  expect(() => parseIpAddress('1'.repeat(1_000_000))).toThrow(
    new InvalidIndicator('it has 1000000 characters'),
  );
  expect(performance.now() - start).toBeLessThan(500);
});
