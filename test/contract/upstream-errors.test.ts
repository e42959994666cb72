/** What VirusTotal can answer, and which named error each becomes. */

import type { Fault } from '@local/virustotal';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  domainReputation,
  fileReputation,
  ipReputation,
  submitFile,
  submitUrl,
  urlReputation,
} from '../../shared/operations/catalogue.ts';
import { expectError, type Failing } from '../support/expect-error.ts';
import { leaksOf, STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';

/** Shortens the waits between retries. */
const SPEED = 20;

let running: TestStack;

beforeAll(async () => {
  running = await startTestStack({ speed: SPEED });
  await running.put('sample.bin', 'some bytes');
}, STARTUP_MS);
afterAll(() => running.close());

/** VirusTotal echoes the key that it was sent. */
const echo = 'Wrong API key: {apikey}';
const answer = (fault: Partial<Extract<Fault, { kind: 'answer' }>>): Fault => ({
  kind: 'answer',
  status: 200,
  message: echo,
  times: 'always',
  ...fault,
});

const file = { operation: fileReputation, input: { hash: 'a'.repeat(32) } };
const ip = { operation: ipReputation, input: { ip: '203.0.113.7', details: 'summary' } };
const domain = { operation: domainReputation, input: { domain: 'example.com' } };
const url = { operation: urlReputation, input: { url: 'http://example.com/' } };
const sentUrl = { operation: submitUrl, input: { url: 'http://example.com/', upload: 'always' } };
const sentFile = { operation: submitFile, input: { key: 'sample.bin', upload: 'always' } };

type Row = readonly [
  situation: string,
  call: Pick<Failing, 'operation' | 'input'>,
  name: Failing['name'],
  message: RegExp,
  fault: Fault,
  /** Upstream requests of one call. */
  requests: number,
];

const invalid = { status: 400, code: 'InvalidArgumentError' };
const quota = { kind: 'quota-exceeded', times: 'always' } as const;
const ofSubmissions = { method: 'POST' } as const;

const rows: readonly Row[] = [
  [
    'the input is refused',
    sentUrl,
    'InvalidInputError',
    /VirusTotal refused the input/,
    answer(invalid),
    1,
  ],
  ['quota, Retry-After', ip, 'QuotaExceededError', /=12$/, { ...quota, retryAfter: 12 }, 1],
  ['quota, no Retry-After', domain, 'QuotaExceededError', /=60$/, quota, 1],
  ['quota of a file', sentFile, 'QuotaExceededError', /=7$/, { ...quota, retryAfter: 7 }, 1],
  ['forbidden', url, 'ForbiddenByVirusTotalError', /HTTP 403/, answer({ status: 403 }), 1],
  ['a web page', file, 'UpstreamError', /not JSON/, answer({ body: 'html' }), 1],
  ['half of the JSON', ip, 'UpstreamError', /not JSON/, answer({ body: 'truncated-json' }), 1],
  ['nothing', domain, 'UpstreamError', /not JSON/, answer({ body: 'empty' }), 1],
  ['half of the gzip', url, 'UpstreamError', /decompress/, answer({ body: 'truncated-gzip' }), 1],
  ['JSON of another form', file, 'UpstreamError', /./, answer({ json: { data: [echo] } }), 1],
  ['an odd submission', sentUrl, 'UpstreamError', /./, answer({ json: { data: {} } }), 1],
  ['an odd upload', sentFile, 'UpstreamError', /./, answer({ json: {} }), 1],
  ['another 4xx', ip, 'UpstreamError', /HTTP 424/, answer({ status: 424 }), 1],
  [
    'a redirect',
    ip,
    'UpstreamError',
    /redirect/,
    { kind: 'redirect', location: 'http://127.0.0.1:9/{apikey}', times: 'always' },
    1,
  ],
  ['413 for a file', sentFile, 'ObjectTooLargeError', /HTTP 413/, answer({ status: 413 }), 1],
  [
    '409, and then no report',
    sentFile,
    'UpstreamUnavailableError',
    /try again/,
    { kind: 'already-exists', match: ofSubmissions, times: 'always' },
    2,
  ],
  ['5xx', file, 'UpstreamUnavailableError', /HTTP 503/, answer({ status: 503 }), 3],
  ['5xx for a URL', sentUrl, 'UpstreamUnavailableError', /HTTP 500/, answer({ status: 500 }), 1],
  ['5xx for a file', sentFile, 'UpstreamUnavailableError', /HTTP 502/, answer({ status: 502 }), 1],
  ['a reset', url, 'UpstreamUnavailableError', /connection/, { kind: 'reset', times: 'always' }, 3],
  ['a cut', ip, 'UpstreamUnavailableError', /connection/, { kind: 'cut', times: 'always' }, 3],
];

it.each(rows)(
  '%s',
  async (_, call, name, message, fault, requests) => {
    await expectError(running, { ...call, name, message }, async () => {
      await running.forgetQuota();
      running.simulator.reset();
      running.simulator.fault(fault);
    });
    expect(running.simulator.requests).toHaveLength(requests);
  },
  30_000,
);

it('never shows the key', () => {
  expect(running.said.length).toBeGreaterThan(rows.length * 3);
  expect(leaksOf(running)).toEqual([]);
});
