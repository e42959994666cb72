import { describe, expect, it } from 'vitest';
import { parseIpAddress } from '../../../shared/indicators/ip-address.ts';
import { whyHostNotSent, whyIpNotSent } from '../../../shared/indicators/not-sent.ts';

// First and last addresses of IANA's special-purpose registries whose "Globally Reachable" is not True.
const kept = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.8'],
  ['192.0.0.11', '192.0.0.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['224.0.0.0', '239.255.255.255'],
  ['240.0.0.0', '255.255.255.255'],
  ['::', '::1'],
  ['::808:808', '::ffff:10.0.0.1'],
  ['64:ff9b::10.0.0.1', '64:ff9b::127.0.0.1'],
  ['64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
  ['100::', '100::ffff:ffff:ffff:ffff'],
  ['100:0:0:1::', '100:0:0:1:ffff:ffff:ffff:ffff'],
  ['2001::', '2001:0:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2001:1::', '2001:1::4'],
  ['2001:2::', '2001:2:0:ffff:ffff:ffff:ffff:ffff'],
  ['2001:10::', '2001:1f:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2002:a00:1::1', '2002:c0a8:1::1', '2002:7f00:1::', '2002:a9fe:a9fe::'],
  ['5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['1::1', '1fff::1'],
  ['4000::1', 'fbff::1'],
].flat();

// Their neighbours, what the registries call globally reachable, and the ranges for documentation.
const sent = [
  ['1.0.0.0', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255'],
  ['128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0'],
  ['191.255.255.255', '192.0.1.0', '192.88.98.255', '192.88.100.0', '192.167.255.255'],
  ['192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255', '8.8.8.8'],
  ['192.0.0.9', '192.0.0.10', '192.31.196.1', '192.52.193.1', '192.175.48.1'],
  ['192.0.2.0', '192.0.2.255', '198.51.100.0', '198.51.100.255', '203.0.113.7'],
  ['2001:1::1', '2001:1::2', '2001:1::3', '2001:3::1', '2001:4:112::1', '2001:20::1'],
  ['2001:30::1', '2001:200::1', '2620:4f:8000::1', '2606:4700:4700::1111', '2000::', '3ffe::1'],
  ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '3fff::', '3fff:fff:ffff::1'],
  ['::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '::ffff:203.0.113.7'],
  ['2002:808:808::1', '2002:cb00:7107::'],
].flat();

describe('whyIpNotSent', () => {
  it.each(kept)('keeps %s back', (ip) => {
    const parsed = parseIpAddress(ip);
    const why = `Not sent to VirusTotal: ${parsed} is not a globally routable address (`;
    expect(whyIpNotSent(parsed)?.startsWith(why)).toBe(true);
    expect(whyHostNotSent(parsed)).toBe(whyIpNotSent(parsed));
  });

  it.each([
    ['10.0.0.1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['4000::1', 'reserved'],
    ['fe80::1', 'linkLocal'],
  ])('says what kind of address %s is', (ip, kind) => {
    expect(whyIpNotSent(ip)).toBe(
      `Not sent to VirusTotal: ${ip} is not a globally routable address (${kind})`,
    );
  });

  it.each(sent)('lets %s go', (ip) => {
    expect(whyIpNotSent(parseIpAddress(ip))).toBeNull();
    expect(whyHostNotSent(parseIpAddress(ip))).toBeNull();
  });
});

describe('whyHostNotSent', () => {
  it.each([
    ['localhost', 'localhost is a single-label name'],
    ['intranet', 'intranet is a single-label name'],
    ['com', 'com is a single-label name'],
    ['a.test', 'a.test is under the reserved top-level domain test'],
    ['a.example', 'a.example is under the reserved top-level domain example'],
    ['a.invalid', 'a.invalid is under the reserved top-level domain invalid'],
    ['a.b.localhost', 'a.b.localhost is under the reserved top-level domain localhost'],
    ['printer.local', 'printer.local is under the reserved top-level domain local'],
    ['abc.onion', 'abc.onion is under the reserved top-level domain onion'],
    ['abc.alt', 'abc.alt is under the reserved top-level domain alt'],
    ['db.internal', 'db.internal is under the reserved top-level domain internal'],
    ['nas.home.arpa', 'nas.home.arpa is under the reserved top-level domain home.arpa'],
    ['home.arpa', 'home.arpa is under the reserved top-level domain home.arpa'],
  ])('keeps %s back', (host, why) => {
    expect(whyHostNotSent(host)).toBe(`Not sent to VirusTotal: ${why}`);
  });

  it.each([
    'example.com',
    'www.example.net',
    'example.org',
    'test.com',
    'local.example.com',
    'onion.example.com',
    'nothome.arpa',
    '1.0.0.127.in-addr.arpa',
    'xn--bcher-kva.com',
    'a-internal.com',
  ])('lets %s go', (host) => {
    expect(whyHostNotSent(host)).toBeNull();
  });
});
