import { describe, expect, it } from 'vitest';
import { QuotaExceededError } from '../../../shared/errors.ts';
import { overallQuotas } from '../../../shared/virustotal/answers/index.ts';
import type { Gate, GatedRequest } from '../../../shared/virustotal/gate.ts';
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
  const refused = fault(429, 'QuotaExceededError', 'Quota exceeded');
  const call = { deadline: now + 8_000 };

  it('is reported to the gate, which decides on the wait', async () => {
    await using upstream = await startUpstream();
    upstream.script(refused);
    const said: unknown[] = [];
    const gate: Gate = {
      async admit() {
        return {
          async ended() {},
          async refused(words, retryAfterMs) {
            said.push(words, retryAfterMs);
            return new QuotaExceededError(words, 3_600);
          },
        };
      },
    };
    const client = clientAt(upstream.url, { gate, now: () => now });
    const words = "VirusTotal's quota is used up (QuotaExceededError: Quota exceeded).";
    expect(await rejection(client.file(SHA256, call))).toMatchObject({
      name: 'QuotaExceededError',
      message: `${words} retryAfterSeconds=3600`,
    });
    expect(said).toEqual([words, null]);
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

  it('is at least a second, after short waits that did not help', async () => {
    await using upstream = await startUpstream();
    upstream.script(fault(429, 'TooManyRequestsError', 'q', soon));
    const error = await rejection(clientAt(upstream.url).file(SHA256, within()));
    expect(error).toMatchObject({ name: 'QuotaExceededError', retryAfterSeconds: 1 });
    expect(upstream.requests).toHaveLength(3);
  });
});

describe('the gate', () => {
  /** Notes what it is asked, and what it hears. */
  function noting() {
    const notes: string[] = [];
    const requests: GatedRequest[] = [];
    const gate: Gate = {
      async admit(request) {
        requests.push(request);
        notes.push('admit');
        return {
          async ended(isAnswered) {
            notes.push(isAnswered ? 'answered' : 'failed');
          },
          async refused(words, retryAfterMs) {
            notes.push('refused');
            return new QuotaExceededError(words, (retryAfterMs ?? 60_000) / 1000);
          },
        };
      },
    };
    return { notes, requests, gate };
  }

  it('admits every attempt, and hears how each has ended', async () => {
    await using upstream = await startUpstream();
    upstream.script(
      fault(503, 'x'),
      fault(429, 'q', 'q', soon),
      reset,
      json(200, fileReport(SHA256)),
    );
    const { notes, gate } = noting();
    await rejection(clientAt(upstream.url, { gate }).file(SHA256, within()));
    expect(notes).toEqual(['admit', 'answered', 'admit', 'refused', 'admit', 'failed']);
  });

  it('keeps a request that it does not admit from being sent', async () => {
    await using upstream = await startUpstream();
    const gate: Gate = {
      admit: async () => {
        throw new QuotaExceededError('The day is over.', 5);
      },
    };
    const error = await rejection(clientAt(upstream.url, { gate }).file(SHA256, within()));
    expect(error).toMatchObject({ name: 'QuotaExceededError', retryAfterSeconds: 5 });
    expect(upstream.requests).toEqual([]);
  });

  it("can ask for the account's quotas by its user id; the key is in no path", async () => {
    await using upstream = await startUpstream();
    const count = (allowed: number, used: number) => ({ user: { allowed, used } });
    upstream.script(
      json(200, fileReport(SHA256)),
      json(200, {
        data: {
          // A rate: the smaller one binds, whatever is left of the other.
          api_requests_hourly: { ...count(240, 0), group: { allowed: 600, used: 599 } },
          api_requests_daily: { ...count(1_000, 10), group: { allowed: 500, used: 480 } },
          api_requests_monthly: count(1_000_000_000, 77),
        },
      }),
      fault(403, 'ForbiddenError'),
      { play: (r) => r.end('<html>') },
    );
    const { requests, gate } = noting();
    const client = clientAt(upstream.url, { gate, userId: 'so/c' });
    await client.file(SHA256, within());
    const ask = () => requests[0]?.askAccount?.(within());
    expect(await ask()).toEqual({
      perMinute: 4,
      perDay: 500,
      perMonth: Number.POSITIVE_INFINITY,
      usedDay: 480,
      usedMonth: 77,
    });
    expect([await ask(), await ask()?.catch(() => null)]).toEqual([null, null]);
    expect(upstream.requests.map(({ path }) => path)).toEqual([
      `/api/v3/files/${SHA256}`,
      ...Array(3).fill('/api/v3/users/so%2Fc/overall_quotas'),
    ]);
    expect(JSON.stringify(upstream.requests.map(({ path }) => path))).not.toContain(KEY);
  });

  it('never takes a rate below one a minute for no limit', () => {
    const hour = (allowed: number) => ({
      data: {
        api_requests_hourly: { user: { allowed, used: 0 } },
        api_requests_daily: {},
        api_requests_monthly: {},
      },
    });
    const perMinute = [30, 60, 240, 6_000, 59_999_999_999, 60_000_000_000, 0].map(
      (allowed) => overallQuotas.parse(hour(allowed)).perMinute,
    );
    expect(perMinute).toEqual([1, 1, 4, 100, 999_999_999, Number.POSITIVE_INFINITY, undefined]);
  });

  it('hears what costs no quota: an upload URL, and a file that VirusTotal does not know', async () => {
    await using upstream = await startUpstream();
    const url = new URL('/_ah/upload/1/', upstream.url);
    upstream.script(json(200, { data: url }), json(200, descriptor), json(200, descriptor));
    const { requests, gate } = noting();
    const client = clientAt(upstream.url, { gate });
    const file = (size: number, isNew: boolean) => ({
      ...{ name: 'sample', size, isNew },
      open: async () =>
        (async function* () {
          for (let sent = 0; sent < size; sent += 1_000_000) {
            yield Buffer.alloc(Math.min(1_000_000, size - sent));
          }
        })(),
    });
    await client.submitFile(file(32_000_001, false), within());
    await client.submitFile(file(10, true), within());
    expect(requests.map(({ isFree }) => isFree)).toEqual([true, false, true]);
  });

  it('hears of bodies that may take long', async () => {
    await using upstream = await startUpstream();
    upstream.script(json(200, descriptor), json(200, descriptor));
    const { requests, gate } = noting();
    const client = clientAt(upstream.url, { gate });
    await client.submitUrl('http://example.com/', within());
    await client.submitFile(
      {
        name: 'sample',
        size: 20_000,
        open: async () =>
          (async function* () {
            yield Buffer.alloc(20_000);
          })(),
      },
      within(),
    );
    expect(requests.map(({ hasLongBody }) => hasLongBody)).toEqual([false, true]);
    expect(requests[0]?.askAccount).toBeUndefined();
  });
});
