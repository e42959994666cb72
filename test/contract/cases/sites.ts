/** Cases of `ip_reputation` and `domain_reputation`. */
import { domainReputation, ipReputation } from '../../../shared/operations/catalogue.ts';
import { type Case, list, noOpinion, notSent, of, opinion } from './case.ts';

/** Cases of `ip_reputation`, with a key that everyone has. */
export const ipCases = of(ipReputation, [
  {
    when: 'found',
    input: { ip: '203.0.113.7' },
    expected: {
      response_code: 1,
      ...opinion,
      detected_referrer_samples: list,
      unavailable: { detected_urls: 'tier', detected_downloaded_samples: 'tier' },
    },
    requests: 2,
  },
  {
    when: 'IPv6, in short',
    input: { ip: '2001:0DB8:0::7', details: 'summary' },
    expected: { response_code: 1, resource: '2001:db8::7', detected_referrer_samples: null },
    requests: 1,
  },
  {
    when: 'never analysed',
    input: { ip: '198.51.100.99', details: 'summary' },
    expected: { response_code: 1, verdict: { value: 'unknown' } },
    requests: 1,
  },
  {
    when: 'unknown',
    input: { ip: '192.0.2.1' },
    expected: { response_code: 0, ...noOpinion, verdict: { value: 'unknown' } },
    requests: 1,
  },
  {
    when: 'inside a network',
    input: { ip: '::ffff:10.1.2.3' },
    expected: { response_code: 0, verbose_msg: notSent, ...noOpinion },
    requests: 0,
  },
]);

/** Cases of `domain_reputation`, with a key that everyone has. */
export const domainCases = of(domainReputation, [
  {
    when: 'found',
    input: { domain: 'Malware[.]Example.com.' },
    expected: {
      response_code: 1,
      resource: 'malware.example.com',
      ...opinion,
      unavailable: { detected_urls: 'tier', detected_downloaded_samples: 'tier' },
    },
    requests: 1,
  },
  {
    when: 'in short, by a policy',
    input: { domain: 'example.com', details: 'summary', policy: 'strict' },
    expected: { response_code: 1, verdict: { value: 'clean', policy: { name: 'strict' } } },
    requests: 1,
  },
  {
    when: 'unknown',
    input: { domain: 'unknown.example.org' },
    expected: { response_code: 0, ...noOpinion, whois: null, verdict: { value: 'unknown' } },
    requests: 1,
  },
  {
    when: 'a single label',
    input: { domain: 'intranet' },
    expected: { response_code: 0, verbose_msg: notSent },
    requests: 0,
  },
]);

const refused = {
  kind: 'answer',
  status: 403,
  code: 'ForbiddenError',
  message: 'You are not authorized to perform the requested operation',
  match: { path: '^/ip_addresses/[^/]+/urls$' },
} as const;

/** With a premium key: what differs. */
export const premiumCases: readonly Case[] = [
  ...of(ipReputation, [
    {
      when: 'with all lists',
      input: { ip: '203.0.113.7' },
      expected: {
        detected_urls: list,
        detected_downloaded_samples: list,
        detected_referrer_samples: list,
        unavailable: {},
      },
      requests: 4,
    },
    {
      when: 'in short',
      input: { ip: '203.0.113.7', details: 'summary' },
      expected: { detected_urls: null, unavailable: { detected_urls: 'summary' } },
      requests: 1,
    },
    {
      when: 'a list is refused',
      input: { ip: '203.0.113.7' },
      expected: { detected_urls: null, unavailable: { detected_urls: 'premium' } },
      requests: 4,
      fault: refused,
    },
  ]),
  ...of(domainReputation, [
    {
      when: 'with all lists',
      input: { domain: 'malware.example.com' },
      expected: {
        detected_urls: list,
        detected_downloaded_samples: list,
        undetected_downloaded_samples: list,
        subdomains: list,
        unavailable: {},
      },
      requests: 3,
    },
    {
      when: 'in short',
      input: { domain: 'malware.example.com', details: 'summary' },
      expected: { detected_urls: null, unavailable: { detected_urls: 'summary' } },
      requests: 1,
    },
  ]),
];
