import { describe, expect, it } from 'vitest';
import { QuotaExceededError } from '../../../shared/errors.ts';
import {
  cutShort,
  fault,
  json,
  type Reply,
  reset,
  stall,
  startUpstream,
} from '../../support/upstream-server.ts';
import { clientAt, descriptor, fileReport, KEY, rejection, SHA256, within } from './harness.ts';

const found = json(200, fileReport(SHA256));
const soon = { 'retry-after': '0' };
const cut = cutShort(200, JSON.stringify(fileReport(SHA256)));

describe('a lookup', () => {
  it.each<[string, Reply, string]>([
    ['a reset connection', reset, 'ECONNRESET'],
    ['an answer that breaks off', cut, 'ECONNRESET'],
    ['408', fault(408, ''), 'HTTP 408'],
    ['425', fault(425, ''), 'HTTP 425'],
    ['500', fault(500, 'Internal'), 'HTTP 500'],
    ['503', fault(503, 'TransientError'), 'HTTP 503'],
    ['504', fault(504, 'DeadlineExceededError'), 'HTTP 504'],
    ['429 with a short Retry-After', fault(429, 'QuotaExceededError', 'q', soon), 'HTTP 429'],
  ])('is tried again after %s', async (_, reply, reason) => {
    await using upstream = await startUpstream();
    upstream.script(reply, reply, found);
    const client = clientAt(upstream.url);
    expect((await client.file(SHA256, within())).status).toBe('found');
    expect(upstream.requests).toHaveLength(3);
    expect(client.retries).toEqual([
      { request: 'GET /files/{id}', attempt: 1, reason, delayMs: 0 },
      { request: 'GET /files/{id}', attempt: 2, reason, delayMs: 0 },
    ]);
  });

  it.each<[string, Reply, string]>([
    [
      '503',
      fault(503, 'TransientError', 'later'),
      'VirusTotal is unavailable: HTTP 503, TransientError: later',
    ],
    ['a reset connection', reset, 'the connection to the VirusTotal server broke (ECONNRESET)'],
  ])('gives up after three times %s', async (_, reply, message) => {
    await using upstream = await startUpstream();
    upstream.script(reply);
    const error = await rejection(clientAt(upstream.url).file(SHA256, within()));
    expect(error).toMatchObject({ name: 'UpstreamUnavailableError', message });
    expect(upstream.requests).toHaveLength(3);
  });

  it('is tried again at once, over a new connection, when the kept ones are dead', async () => {
    await using upstream = await startUpstream();
    upstream.script(found);
    const client = clientAt(upstream.url, { random: () => 0.999 });
    await Promise.all([1, 2, 3].map(() => client.file(SHA256, within())));
    expect(upstream.connections).toBe(3);
    upstream.script(reset, found);
    expect((await client.file(SHA256, within())).status).toBe('found');
    expect(client.retries).toEqual([
      { request: 'GET /files/{id}', attempt: 1, reason: 'ECONNRESET', delayMs: 0 },
    ]);
    expect(upstream.connections).toBe(4);
  });

  it('gives up after three refused connections', async () => {
    const client = clientAt('http://127.0.0.1:1');
    expect(await rejection(client.file(SHA256, within()))).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: 'no connection to the VirusTotal server (ECONNREFUSED)',
    });
    expect(client.retries).toHaveLength(2);
  });

  it.each<[string, Reply, string]>([
    ['400', fault(400, 'InvalidArgumentError'), 'InvalidInputError'],
    ['403', fault(403, 'ForbiddenError'), 'ForbiddenByVirusTotalError'],
    ['302', fault(302, ''), 'UpstreamError'],
    [
      '503 with a long Retry-After',
      fault(503, 'X', 'x', { 'retry-after': '30' }),
      'UpstreamUnavailableError',
    ],
    ['a success that is no JSON', { play: (r) => r.end('<html>') }, 'UpstreamError'],
    ['a success without a body', { play: (r) => r.writeHead(204).end() }, 'UpstreamError'],
    ['a success of another shape', json(200, { data: [] }), 'UpstreamError'],
  ])('is not tried again after %s', async (_, reply, name) => {
    await using upstream = await startUpstream();
    upstream.script(reply, found);
    expect((await rejection(clientAt(upstream.url).file(SHA256, within()))).name).toBe(name);
    expect(upstream.requests).toHaveLength(1);
  });

  it('is not tried again when there is no time for an answer', async () => {
    await using upstream = await startUpstream();
    upstream.script(fault(503, 'TransientError'), found);
    expect((await rejection(clientAt(upstream.url).file(SHA256, within(400)))).name).toBe(
      'UpstreamUnavailableError',
    );
    expect(upstream.requests).toHaveLength(1);
  });

  it("that is aborted between two tries fails with a timeout or with the caller's error", async () => {
    await using upstream = await startUpstream();
    upstream.script(fault(503, 'TransientError'), found);
    const abort = async (reason?: unknown) => {
      const controller = new AbortController();
      const client = clientAt(upstream.url, {
        random: () => 0.999,
        onRetry: () => controller.abort(reason),
      });
      return rejection(client.file(SHA256, within(8_000, controller.signal)));
    };
    expect((await abort()).name).toBe('UpstreamTimeoutError');
    upstream.script(fault(503, 'TransientError'), found);
    const named = new QuotaExceededError('local', 1);
    expect(await abort(named)).toBe(named);
    expect(upstream.requests).toHaveLength(2);
  });

  it('waits for as long as Retry-After says', async () => {
    await using upstream = await startUpstream();
    upstream.script(fault(429, 'QuotaExceededError', 'q', { 'retry-after': '1' }), found);
    const client = clientAt(upstream.url);
    const start = performance.now();
    expect((await client.file(SHA256, within())).status).toBe('found');
    expect(client.retries).toMatchObject([{ delayMs: 1_000 }]);
    expect(performance.now() - start).toBeGreaterThanOrEqual(990);
  });
});

describe('a submission', () => {
  it.each<[string, Reply, string]>([
    ['its connection was reset', reset, 'UpstreamUnavailableError'],
    ['the answer broke off', cut, 'UpstreamUnavailableError'],
    ['there was no answer', stall, 'UpstreamTimeoutError'],
    ['VirusTotal answered 500', fault(500, 'Internal'), 'UpstreamUnavailableError'],
    [
      'VirusTotal answered 503',
      fault(503, 'TransientError', 'x', soon),
      'UpstreamUnavailableError',
    ],
    ['the answer is not understood', json(200, { data: {} }), 'UpstreamError'],
  ])('is sent exactly once when %s', async (_, reply, name) => {
    await using upstream = await startUpstream();
    upstream.script(reply, json(200, descriptor));
    const client = clientAt(upstream.url);
    const wait = reply === stall ? within(150) : within();
    expect((await rejection(client.submitUrl('http://example.com/', wait))).name).toBe(name);
    upstream.script(reply, json(200, descriptor));
    const wait2 = reply === stall ? within(150) : within();
    expect((await rejection(client.reanalyseFile(SHA256, wait2))).name).toBe(name);
    expect(upstream.requests.map(({ path }) => path)).toEqual([
      '/api/v3/urls',
      `/api/v3/files/${SHA256}/analyse`,
    ]);
  });

  it('is sent again after a refused connection', async () => {
    const client = clientAt('http://127.0.0.1:1');
    expect((await rejection(client.submitUrl('http://example.com/', within()))).message).toBe(
      'no connection to the VirusTotal server (ECONNREFUSED)',
    );
    expect(client.retries).toHaveLength(2);
  });

  it('is sent again after a 429 with a short Retry-After: it was refused', async () => {
    await using upstream = await startUpstream();
    upstream.script(fault(429, 'QuotaExceededError', 'q', soon), json(200, descriptor));
    const client = clientAt(upstream.url);
    expect(await client.submitUrl('http://example.com/', within())).toEqual({
      id: descriptor.data.id,
    });
    expect(upstream.requests.map(({ body }) => String(body))).toEqual([
      'url=http%3A%2F%2Fexample.com%2F',
      'url=http%3A%2F%2Fexample.com%2F',
    ]);
  });
});

describe('an exhausted quota', () => {
  const now = Date.UTC(2026, 7, 31, 23, 0, 0);
  const quotas = (daily: number, monthly: number) =>
    json(200, {
      data: {
        api_requests_daily: { user: { allowed: 500, used: daily } },
        api_requests_monthly: { user: { allowed: 15_500, used: monthly } },
      },
    });
  const refused = fault(429, 'QuotaExceededError', 'Quota exceeded');
  const call = { deadline: now + 8_000 };

  it.each<[string, Reply, number]>([
    ['of the minute: 60 s', quotas(499, 10), 60],
    ['of the day: until midnight UTC', quotas(500, 10), 3_600],
    ['of the month: until the first', quotas(3, 15_500), 3_600],
    ['of which nothing is known (403): 60 s', fault(403, 'ForbiddenError'), 60],
    ['of which nothing is known (reset): 60 s', reset, 60],
    ['of which nothing is understood: 60 s', { play: (r) => r.end('<html>') }, 60],
  ])('%s', async (_, reply, seconds) => {
    await using upstream = await startUpstream();
    upstream.script(refused, reply);
    const client = clientAt(upstream.url, { now: () => now });
    expect(await rejection(client.file(SHA256, call))).toMatchObject({
      name: 'QuotaExceededError',
      retryAfterSeconds: seconds,
      message: `VirusTotal's quota is used up (QuotaExceededError: Quota exceeded). retryAfterSeconds=${seconds}`,
    });
    expect(upstream.requests.map(({ path }) => path)).toEqual([
      `/api/v3/files/${SHA256}`,
      `/api/v3/users/${KEY}/overall_quotas`,
    ]);
    expect(client.retries).toEqual([]);
  });

  it('is reported at once when VirusTotal says how long to wait', async () => {
    await using upstream = await startUpstream();
    const date = 'Tue, 01 Sep 2026 00:10:00 GMT';
    upstream.script(
      fault(429, 'QuotaExceededError', 'q', { 'retry-after': '90' }),
      fault(429, 'TooManyRequestsError', 'q', { 'retry-after': date }),
    );
    const client = clientAt(upstream.url, { now: () => now });
    expect(await rejection(client.file(SHA256, call))).toMatchObject({ retryAfterSeconds: 90 });
    expect(await rejection(client.file(SHA256, call))).toMatchObject({ retryAfterSeconds: 4_200 });
    expect(upstream.requests).toHaveLength(2);
  });

  it('is reported within seconds even if there was time to wait for the quota', async () => {
    await using upstream = await startUpstream();
    upstream.script({ play: (r) => r.writeHead(429).end() }, stall);
    const start = performance.now();
    const error = await rejection(clientAt(upstream.url).file(SHA256, within(12_000)));
    expect(error).toMatchObject({ name: 'QuotaExceededError', retryAfterSeconds: 60 });
    expect(performance.now() - start).toBeLessThan(6_000);
  });

  it('is reported in time even if the quota cannot be read', async () => {
    await using upstream = await startUpstream();
    upstream.script({ play: (r) => r.writeHead(429).end() }, stall);
    const error = await rejection(clientAt(upstream.url).file(SHA256, within(300)));
    expect(error.message).toBe("VirusTotal's quota is used up (HTTP 429). retryAfterSeconds=60");
  });

  it('is at least a second, after short waits that did not help', async () => {
    await using upstream = await startUpstream();
    upstream.script(fault(429, 'TooManyRequestsError', 'q', soon));
    const error = await rejection(clientAt(upstream.url).file(SHA256, within()));
    expect(error).toMatchObject({ name: 'QuotaExceededError', retryAfterSeconds: 1 });
    expect(upstream.requests).toHaveLength(3);
  });
});
