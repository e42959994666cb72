/** The reputation functions with the cache: what their callers see of it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { restApiEvent } from '../support/events.ts';
import { type FunctionOptions, startFunction } from '../support/functions.ts';

const IP = '203.0.113.7';
const MD5 = '44d88612fea8a8f36de82e1278abb02f';
const DATE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

const cached: FunctionOptions = { environment: { VIRUSTOTAL_CACHE_HOURS: '24' } };
/** Two requests of bulk, or one of bulk and one over HTTP, are one too many. */
const scarce: FunctionOptions = {
  environment: { VIRUSTOTAL_CACHE_HOURS: '24', VIRUSTOTAL_QUOTA_PER_MINUTE: '1' },
};

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const lines = (): Record<string, unknown>[] =>
  vi.mocked(process.stdout.write).mock.calls.map(([text]) => JSON.parse(String(text)));

const overHttp = (ip: string, query: readonly [string, string][]) =>
  restApiEvent({ method: 'GET', route: '/ip-addresses/{ip}', path: { ip }, query });

function bodyOf(answer: unknown): { readonly status: number; readonly body: unknown } {
  const { statusCode, body } = Object(answer);
  return { status: statusCode, body: JSON.parse(body) };
}

it('answers a repeated lookup from the cache, whatever policy and details it has', async () => {
  const { invoke, asked } = await startFunction('ip_reputation', cached);
  const first = await invoke({ ip: IP });
  expect(first).toMatchObject({ cached: false, cached_at: null });
  expect(await invoke({ ip: IP })).toEqual({
    ...Object(first),
    cached: true,
    cached_at: expect.stringMatching(DATE),
    verdict: expect.anything(),
  });
  expect(await invoke({ ip: IP, details: 'summary', policy: 'strict' })).toMatchObject({
    cached: true,
    detected_referrer_samples: null,
    unavailable: { detected_referrer_samples: 'summary' },
    verdict: { policy: { name: 'strict' } },
  });
  expect(asked()).toHaveLength(2);
  const ended = lines().filter(({ message }) => message === 'operation finished');
  const counts = ended.map((line) => line.counts);
  expect(counts).toEqual([{ cacheMisses: 2 }, { cacheHits: 2 }, { cacheHits: 1 }]);
});

it('pays only for the list that a summary has left out', async () => {
  const { invoke, asked } = await startFunction('ip_reputation', cached);
  await invoke({ ip: IP, details: 'summary' });
  expect(await invoke({ ip: IP })).toMatchObject({ cached: true, cached_at: expect.any(String) });
  expect(asked()).toEqual([
    `GET /ip_addresses/${IP}`,
    `GET /ip_addresses/${IP}/referrer_files?limit=40`,
  ]);
});

describe('cache over HTTP', () => {
  it('"only" answers what is missing as not sent, and never asks', async () => {
    const { invoke, asked } = await startFunction('ip_reputation', cached);
    expect(bodyOf(await invoke(overHttp(IP, [['cache', 'only']])))).toMatchObject({
      status: 200,
      body: {
        response_code: 0,
        verbose_msg: expect.stringContaining('Not in the cache'),
        positives: null,
        verdict: { value: 'skipped' },
        cached: false,
      },
    });
    await invoke({ ip: IP, details: 'summary' });
    expect(bodyOf(await invoke(overHttp(IP, [['cache', 'only']]))).body).toMatchObject({
      response_code: 1,
      cached: true,
      detected_referrer_samples: null,
      unavailable: { detected_referrer_samples: 'absent' },
    });
    expect(asked()).toHaveLength(1);
  });

  it('"bypass" asks, and anything else is refused', async () => {
    const { invoke, asked } = await startFunction('ip_reputation', cached);
    const summary: [string, string] = ['details', 'summary'];
    await invoke(overHttp(IP, [summary]));
    const fresh = bodyOf(await invoke(overHttp(IP, [summary, ['cache', 'bypass']])));
    expect(fresh.body).toMatchObject({ cached: false, cached_at: null });
    expect(asked()).toHaveLength(2);
    expect(bodyOf(await invoke(overHttp(IP, [['cache', 'no']])))).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/^cache: got "no"; allowed: "use"/) } },
    });
  });
});

describe('a list for which no request is left', () => {
  it('is null over HTTP', async () => {
    const { invoke, asked } = await startFunction('ip_reputation', scarce);
    expect(bodyOf(await invoke(overHttp(IP, []))).body).toMatchObject({
      response_code: 1,
      detected_referrer_samples: null,
      unavailable: { detected_referrer_samples: 'quota' },
    });
    expect(asked()).toHaveLength(1);
  });

  it('is waited for in a bulk call, which then pays for nothing else', async () => {
    const { invoke, asked, table } = await startFunction('ip_reputation', scarce);
    for (let time = 0; time < 2; time += 1) {
      await expect(invoke({ ip: IP })).rejects.toMatchObject({ name: 'QuotaExceededError' });
    }
    expect(asked()).toEqual([`GET /ip_addresses/${IP}`]);
    await table.forgetQuota();
    expect(await invoke({ ip: IP })).toMatchObject({
      response_code: 1,
      cached: true,
      detected_referrer_samples: expect.any(Array),
    });
    expect(asked()).toEqual([
      `GET /ip_addresses/${IP}`,
      `GET /ip_addresses/${IP}/referrer_files?limit=40`,
    ]);
  });

  it('is null in a bulk call that would have to pay for the report again', async () => {
    const { invoke } = await startFunction('ip_reputation', scarce);
    expect(await invoke({ ip: IP, cache: 'bypass' })).toMatchObject({
      unavailable: { detected_referrer_samples: 'quota' },
    });
  });
});

it('keeps nothing if it is switched off', async () => {
  const { invoke, asked, table } = await startFunction('file_reputation');
  await invoke({ hash: MD5 });
  expect(await invoke({ hash: MD5 })).toMatchObject({ cached: false, cached_at: null });
  expect(asked()).toHaveLength(2);
  expect(await table.ids()).toEqual([expect.stringMatching(/^quota#/)]);
  expect(await invoke({ hash: MD5, cache: 'only' })).toMatchObject({ response_code: 0 });
});
