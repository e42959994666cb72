import { describe, expect, it } from 'vitest';
import { type Fault, PUBLIC_KEY } from '../src/simulator.ts';
import { ask, at, error, NOON, post, postUrl, type Running, start } from './harness.ts';

const DOMAIN = '/domains/example.com';

/** Code of the failure that a client sees. */
async function failureOf(request: Promise<unknown>): Promise<string> {
  try {
    await request;
    return 'no failure';
  } catch (failure) {
    return String(at(failure, 'cause', 'code') ?? at(failure, 'name'));
  }
}

async function rawText(simulator: Running): Promise<string> {
  const response = await fetch(`${simulator.url}/api/v3${DOMAIN}`, {
    headers: { 'x-apikey': PUBLIC_KEY },
  });
  return response.text();
}

describe('matching', () => {
  it('selects by method and path, oldest fault first, for a number of requests', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'answer', status: 500, match: { path: '/urls' } });
    simulator.fault({ kind: 'answer', status: 502, match: { method: 'post' } });
    simulator.fault({ kind: 'answer', status: 503, times: 2, match: { path: /^\/domains\// } });
    simulator.fault({ kind: 'answer', status: 504, match: { path: '/api/v3/domains' } });
    const statuses: number[] = [];
    for (let request = 0; request < 4; request += 1) {
      statuses.push((await ask(simulator, DOMAIN)).status);
    }
    expect(statuses).toEqual([503, 503, 504, 200]);
    expect((await ask(simulator, '/urls/x')).status).toBe(500);
    expect((await postUrl(simulator, 'http://example.com/')).status).toBe(502);
  });

  it('can apply to all requests until the faults are cleared', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'already-exists', times: 'always', match: { path: '^/files$' } });
    for (let request = 0; request < 3; request += 1) {
      expect((await post(simulator, 'x')).status).toBe(409);
    }
    expect((await ask(simulator, '/files/x')).status).toBe(404);
    simulator.reset();
    expect((await post(simulator, 'x')).status).toBe(200);
  });
});

describe('fault answers', () => {
  const cases: readonly [Fault, number, unknown][] = [
    [{ kind: 'answer', status: 503 }, 503, error('TransientError', 'Simulated fault 503')],
    [{ kind: 'answer', status: 418 }, 418, error('UnknownError', 'Simulated fault 418')],
    [
      { kind: 'answer', status: 403, code: 'ForbiddenError', message: 'no, {apikey}' },
      403,
      error('ForbiddenError', `no, ${PUBLIC_KEY}`),
    ],
    [{ kind: 'answer', status: 500, body: 'empty' }, 500, ''],
    [{ kind: 'answer', status: 502, body: 'html' }, 502, expect.stringMatching(/^<html>/)],
    [{ kind: 'answer', status: 200, json: { data: [] } }, 200, { data: [] }],
    [
      { kind: 'answer', status: 200, raw: '{"a":1}', headers: { 'Content-Type': 'text/plain' } },
      200,
      '{"a":1}',
    ],
    [
      { kind: 'already-exists' },
      409,
      { error: expect.objectContaining({ code: 'AlreadyExistsError' }) },
    ],
    [
      { kind: 'not-available-yet' },
      400,
      { error: expect.objectContaining({ code: 'NotAvailableYet' }) },
    ],
    [{ kind: 'quota-exceeded' }, 429, error('QuotaExceededError', 'Quota exceeded')],
  ];
  it.each(cases)('%j', async (fault, status, json) => {
    const simulator = await start();
    simulator.fault(fault);
    const got = await ask(simulator, DOMAIN);
    expect([got.status, got.json]).toEqual([status, json]);
    expect(simulator.requests[0]?.status).toBe(status);
  });

  it('can have headers', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'quota-exceeded', retryAfter: 7 });
    expect((await ask(simulator, DOMAIN)).headers.get('retry-after')).toBe('7');
    simulator.fault({ kind: 'redirect', location: 'http://127.0.0.1:9/' });
    const { status, headers } = await ask(simulator, DOMAIN);
    expect([status, headers.get('location')]).toEqual([302, 'http://127.0.0.1:9/']);
  });

  it('can be truncated JSON', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'answer', status: 500, body: 'truncated-json' });
    const text = await rawText(simulator);
    expect(text).toMatch(/^\{\s+"error"/);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it.each(['mislabelled-gzip', 'truncated-gzip'] as const)('can be %s', async (body) => {
    const simulator = await start();
    simulator.fault({ kind: 'answer', status: 429, body });
    expect(await failureOf(rawText(simulator).then(JSON.parse))).not.toBe('no failure');
    expect(simulator.requests[0]?.status).toBe(429);
  });

  it('are sent after the request has been read, unless beforeBody is set', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'answer', status: 503 });
    simulator.fault({ kind: 'answer', status: 503, beforeBody: true });
    await post(simulator, 'x'.repeat(1000));
    await post(simulator, 'x'.repeat(1000));
    const [after, before] = simulator.requests.map(({ bytes }) => bytes);
    expect(after).toBeGreaterThan(1000);
    expect(before).toBe(0);
  });

  it('can change the real answer: another upload URL, a number as an id', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'upload-url', url: 'https://evil.example.net/?k={apikey}' });
    expect((await ask(simulator, '/files/upload_url')).json).toEqual({
      data: `https://evil.example.net/?k=${PUBLIC_KEY}`,
    });
    simulator.fault({ kind: 'number-id', times: 2 });
    const number = { data: { type: 'analysis', id: NOON / 1000 } };
    expect((await post(simulator, 'number')).json).toEqual(number);
    expect((await postUrl(simulator, 'http://example.com/')).json).toEqual(number);
  });
});

describe('broken connections', () => {
  it.each(['before-body', 'during-body', 'after-body', 'during-answer'] as const)(
    'are reset %s',
    async (place) => {
      const simulator = await start();
      simulator.fault({ kind: 'reset', at: place });
      expect(await failureOf(post(simulator, 'x'.repeat(300_000)))).toMatch(
        /ECONNRESET|EPIPE|UND_ERR_SOCKET/,
      );
      expect(simulator.requests[0]?.status).toBeNull();
      const { bytes } = simulator.requests[0] ?? { bytes: Number.NaN };
      if (place === 'before-body') expect(bytes).toBe(0);
      else if (place === 'during-body') expect(bytes).toBeLessThan(300_000);
      else expect(bytes).toBeGreaterThan(300_000);
    },
  );

  it('end in the middle of an answer', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'cut' });
    expect(await failureOf(ask(simulator, DOMAIN))).toBe('UND_ERR_SOCKET');
  });

  it.each(['start', 'answer'] as const)(
    'stall at the %s, and do not keep the server from closing',
    async (place) => {
      const simulator = await start();
      simulator.fault({ kind: 'stall', at: place });
      const signal = AbortSignal.timeout(100);
      expect(await failureOf(ask(simulator, DOMAIN, { signal }))).toBe('TimeoutError');
      simulator.fault({ kind: 'stall', at: place });
      const pending = failureOf(ask(simulator, DOMAIN));
      while (simulator.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
      await simulator.close();
      expect(await pending).not.toBe('no failure');
    },
  );
});

describe('slow connections', () => {
  it('delays an answer', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'delay', delayMs: 120 });
    const from = performance.now();
    expect((await ask(simulator, DOMAIN)).status).toBe(200);
    expect(performance.now() - from).toBeGreaterThanOrEqual(115);
  });

  it('reads a body slowly but completely', async () => {
    const simulator = await start();
    simulator.fault({ kind: 'slow-reading', bytesPerSecond: 1_000_000 });
    const from = performance.now();
    expect((await post(simulator, 'x'.repeat(150_000))).status).toBe(200);
    expect(performance.now() - from).toBeGreaterThanOrEqual(140);
    expect(simulator.requests[0]?.file?.size).toBe(150_000);
  });
});
